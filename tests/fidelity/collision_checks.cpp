// Frames that meet: pure ALOHA against its formula, capture against a published Monte Carlo.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/engine/random.h"
#include "sim/lorawan/airtime.h"
#include "sim/radio/interference.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/csv.h"

namespace fidelity {

namespace {

using namespace sim;
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

int frames_of(Effort effort) {
  return effort == Effort::full ? 1'000'000 : 100'000;
}

Measured aloha(Effort effort) {
  double worst = 0;
  Plot plot{"Pure ALOHA", "load G", "throughput S",
            "G e^(-2G)",  false,    {{"G e^(-2G)", {}, {}, true}, {"simulated", {}, {}, false}}};
  for (const Row& row : read_csv("aloha_capture.csv")) {
    const double load = row.number("G");
    const double expected = load * std::exp(-2 * load);
    const double got = throughput(named("aloha"), traffic(load, frames_of(effort), {}), load);
    worst = std::max(worst, std::abs(got - expected));
    plot.series[0].x.push_back(load);
    plot.series[0].y.push_back(expected);
    plot.series[1].x.push_back(load);
    plot.series[1].y.push_back(got);
  }
  return {fmt::format("at most {:.4f} off", worst), worst <= 0.005, {plot}};
}

struct Case {
  std::string_view column;
  Powers powers;
};

Measured capture(Effort effort) {
  const Case cases[] = {{"disc R, n=3.76, no shadowing", {}},
                        {"disc R, n=3.76, sigma=4 dB", {3.76, 4, false}},
                        {"disc R, n=2.32, sigma=7.8 dB (Oulu)", {2.32, 7.8, false}},
                        {"disc R, n=3.76, +Rayleigh", {3.76, 0, true}}};
  double worst = 0;
  Plot plot{"Capture", "load G", "throughput S", "Monte Carlo of 400,000 frames a point",
            false,     {}};
  const auto rows = read_csv("aloha_capture.csv");
  for (const double threshold : {1.0, 3.0, 6.0}) {
    radio::InterferenceModel model = named("lorasim");
    model.late_preamble_is_enough = false;
    for (std::size_t i = 0; i < radio::kKinds; ++i) model.isolation_db[i][i] = threshold;
    for (const Case& one : cases) {
      const std::string column = fmt::format("S[{};thr={:.0f}dB]", one.column, threshold);
      Series reference{fmt::format("{:.0f} dB", threshold), {}, {}, true};
      Series simulated{fmt::format("{:.0f} dB simulated", threshold), {}, {}, false};
      for (const Row& row : rows) {
        const double load = row.number("G");
        const double got = throughput(model, traffic(load, frames_of(effort), one.powers), load);
        worst = std::max(worst, std::abs(got - row.number(column)));
        reference.x.push_back(load);
        reference.y.push_back(row.number(column));
        simulated.x.push_back(load);
        simulated.y.push_back(got);
      }
      if (one.powers.sigma_db > 0 || one.powers.rayleigh) continue;
      plot.series.push_back(std::move(reference));
      plot.series.push_back(std::move(simulated));
    }
  }
  // A tenth of the frames have three times the error.
  const double allowed = effort == Effort::full ? 0.006 : 0.015;
  return {fmt::format("at most {:.4f} off", worst), worst <= allowed, {plot}};
}

Measured matrices(Effort) {
  // The rule itself is held against ns-3's vectors by tests/radio/interference_test.cpp.
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

void add_collision_checks(std::vector<Check>& checks) {
  checks.push_back({"pure ALOHA", "within 0.005 of G e^(-2G)", aloha});
  checks.push_back({"capture", "within 0.006 of the Monte Carlo", capture});
  checks.push_back({"isolation matrices", "Goursaud's and Croce's", matrices});
}

}  // namespace fidelity
