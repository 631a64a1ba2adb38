// Frames that meet: pure ALOHA against its formula, capture against a published Monte Carlo.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "sim/engine/random.h"
#include "sim/lorawan/airtime.h"
#include "sim/radio/interference.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/fixtures.h"
#include "tests/fidelity/svg.h"

namespace sim::fidelity {

namespace {

using engine::SimDuration;
using engine::SimTime;

/// How the powers of frames differ.
struct Powers {
  double exponent = 3.76;
  double sigma_db = 0;
  bool rayleigh = false;
};

/// A gateway in the middle of a disc, and frames of one kind at load G (frames a frame's length).
std::vector<radio::OnAir> traffic(double load, int count, const Powers& powers) {
  // Each law of powers has frames of its own, or one unlucky lot would count four times.
  const auto law = static_cast<std::uint64_t>(powers.sigma_db * 10 + (powers.rayleigh ? 1 : 0));
  engine::Random lot(7, engine::Purpose::traffic,
                     engine::mixed_subject(static_cast<std::uint64_t>(load * 1000), law));
  lorawan::FrameShape shape;
  shape.phy_payload_bytes = 25;
  const lorawan::DataRate rate = lorawan::lora(7, 125'000);
  const SimDuration length = lorawan::airtime(rate, shape);
  std::vector<radio::OnAir> frames;
  SimTime now{};
  for (int i = 0; i < count; ++i) {
    const double wait = -std::log(1 - lot.uniform()) / load;
    now += SimDuration(static_cast<SimDuration::rep>(wait * static_cast<double>(length.count())));
    double power = -10 * powers.exponent * std::log10(std::sqrt(1 - lot.uniform()));
    power += powers.sigma_db * lot.normal();
    if (powers.rayleigh) power += 10 * std::log10(-std::log(1 - lot.uniform()));
    frames.push_back({static_cast<std::uint64_t>(i), now, now + length, rate, 868'100'000,
                      static_cast<float>(power), true});
  }
  return frames;
}

/// Frames that get through, for each frame's length.
double throughput(const radio::InterferenceModel& model, const std::vector<radio::OnAir>& frames,
                  double load) {
  int survived = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    while (frames[first].end <= frames[i].start) ++first;
    std::size_t last = i;
    while (last + 1 < frames.size() && frames[last + 1].start < frames[i].end) ++last;
    const std::span others(frames.data() + first, last - first + 1);
    if (!radio::destroyer_of(model, frames[i], others).destroyed) ++survived;
  }
  return load * survived / static_cast<double>(frames.size());
}

const radio::InterferenceModel& named(std::string_view name) {
  const auto models = radio::interference_models();
  return *std::find_if(models.begin(), models.end(),
                       [name](const auto& one) { return one.name == name; });
}

struct Reference {
  double load = 0;
  double throughput = 0;
};

/// The points of a model of the Monte Carlo.
std::vector<Reference> references(const std::string& name, const std::string& threshold_db) {
  std::vector<Reference> points;
  for (const Row& row : csv_rows("radio/aloha_capture.csv")) {
    if (row.at(0) == name && row.at(1) == threshold_db) {
      points.push_back({std::stod(row.at(2)), std::stod(row.at(3))});
    }
  }
  return points;
}

int frames_of(const Effort& effort) {
  return static_cast<int>(effort.samples(1'000'000, 200'000));
}

Chart throughput_chart(double most) {
  return {{"load G, frames in a frame's time", 0, 3, {0, 0.5, 1, 1.5, 2, 2.5, 3}},
          {"throughput S", 0, most, spread(0, most, 5)},
          "Throughput against load"};
}

Measured aloha(const Effort& effort) {
  double worst = 0;
  Points formula;
  Points simulated;
  for (const Reference& point : references("pure-theory", "")) {
    const double expected = point.load * std::exp(-2 * point.load);
    const double got =
        throughput(named("aloha"), traffic(point.load, frames_of(effort), {}), point.load);
    worst = std::max(worst, std::abs(got - expected));
    formula.emplace_back(point.load, expected);
    simulated.emplace_back(point.load, got);
  }
  Chart chart = throughput_chart(0.2);
  chart.line(formula, 0, "G exp(-2G)").dots(simulated, 0);
  return {fmt::format("largest difference {:.4f}", worst),
          worst <= 0.005 && !formula.empty(),
          {{"Pure ALOHA", "Frames of one kind always destroy each other.", chart.svg()}}};
}

struct Case {
  std::string model;
  Powers powers;
  bool late_preamble = false;
};

Measured capture(const Effort& effort) {
  const Case cases[] = {{"disc", {}, false},
                        {"disc-preamble-5", {}, true},
                        {"disc-shadow-4", {3.76, 4, false}, false},
                        {"disc-oulu", {2.32, 7.8, false}, false},
                        {"disc-rayleigh", {3.76, 0, true}, false}};
  double worst = 0;
  std::size_t points = 0;
  Chart chart = throughput_chart(0.4);
  int series = 0;
  for (const std::string threshold : {"1", "3", "6"}) {
    radio::InterferenceModel model = named("lorasim");
    for (std::size_t i = 0; i < radio::kKinds; ++i) model.isolation_db[i][i] = std::stod(threshold);
    for (const Case& one : cases) {
      model.late_preamble_is_enough = one.late_preamble;
      Points published;
      Points simulated;
      for (const Reference& point : references(one.model, threshold)) {
        const double got =
            throughput(model, traffic(point.load, frames_of(effort), one.powers), point.load);
        worst = std::max(worst, std::abs(got - point.throughput));
        ++points;
        published.emplace_back(point.load, point.throughput);
        simulated.emplace_back(point.load, got);
      }
      if (one.model != "disc") continue;
      chart.line(published, series, threshold + " dB").dots(simulated, series);
      ++series;
    }
  }
  // A fifth of the frames have more than twice the error, and 150 points are looked at.
  const double allowed = effort.brief ? 0.012 : 0.006;
  return {
      fmt::format("largest difference {:.4f} over {} points", worst, points),
      worst <= allowed && points == 150,
      {{"Capture", "Lines: Monte Carlo of 400,000 frames a point. Dots: simulated.", chart.svg()}}};
}

/// Frames that begin together, as "sf:dbm:seconds:same frequency".
radio::OnAir frame_of(std::uint64_t number, const std::vector<std::string>& cells) {
  const bool same = cells.size() < 4 || cells[3] == "1";
  return {number,
          SimTime{},
          SimTime{} + std::chrono::seconds(std::stoi(cells.at(2))),
          lorawan::lora(static_cast<std::uint8_t>(std::stoi(cells.at(0))), 125'000),
          same ? 868'100'000U : 868'300'000U,
          std::stof(cells.at(1)),
          true};
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, mark);) parts.push_back(part);
  return parts;
}

Measured vectors(const Effort&) {
  int right = 0;
  int count = 0;
  for (const Row& row : csv_rows("radio/interference_ns3.csv")) {
    std::vector<radio::OnAir> others;
    for (const std::string& one : split(row.at(3), ';')) {
      others.push_back(frame_of(others.size() + 2, split(one, ':')));
    }
    const auto found = radio::destroyer_of(named("goursaud"),
                                           frame_of(1, {row.at(0), row.at(1), row.at(2)}), others);
    ++count;
    if ((found.destroyed ? found.kind + 7 : 0) == std::stoul(row.at(4))) ++right;
  }
  return {fmt::format("{} of {}", right, count), right == count && count == 10};
}

Measured matrices(const Effort&) {
  const double goursaud[] = {6, -16, -18, -19, -19, -20};
  const double croce[] = {1, -8, -9, -9, -9, -9};
  bool same = true;
  for (std::size_t i = 0; i < 6; ++i) {
    same = same && named("goursaud").isolation_db[0][i] == goursaud[i] &&
           named("croce").isolation_db[0][i] == croce[i];
  }
  return {same ? "as published" : "different", same};
}

}  // namespace

Checks collision_checks() {
  constexpr const char* kMonteCarlo = "fixtures/radio/aloha_capture.csv";
  return {
      {7, "collisions.aloha", "within 0.005 of G exp(-2G)", "Abramson 1970", aloha},
      {8, "collisions.capture", "within 0.006 of the Monte Carlo", kMonteCarlo, capture},
      {8, "collisions.vectors", "10 of 10", "ns-3's LoRaWAN module", vectors},
      {8, "collisions.matrices", "the first row of either, exactly", "Goursaud 2015, Croce 2018",
       matrices},
  };
}

}  // namespace sim::fidelity
