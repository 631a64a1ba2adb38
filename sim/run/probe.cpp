#include "sim/run/probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/check/curl.h"
#include "sim/check/probe_answer.h"

namespace sim::run {

namespace {

constexpr std::size_t kAtOnce = 8;
// A probe that does not answer at all is not asked about a thousand devices, two seconds each.
constexpr std::size_t kPatience = 16;
constexpr std::size_t kMaxKept = 4096;

std::string with_device(std::string text, const std::string& device) {
  constexpr std::string_view kDevice = "{device}";
  for (std::size_t at = text.find(kDevice); at != std::string::npos;
       at = text.find(kDevice, at + device.size())) {
    text.replace(at, kDevice.size(), device);
  }
  return text;
}

bool is_asked_for(const scenario::Plan& plan, const std::string& device) {
  return std::any_of(plan.expectations.begin(), plan.expectations.end(),
                     [&](const check::Expectation& expectation) {
                       const auto* stored =
                           std::get_if<check::StoredExpectation>(&expectation.what);
                       return stored != nullptr && check::matches_glob(stored->to, device);
                     });
}

/// What an answer tells, or why it tells nothing.
tl::expected<check::ProbeTold, std::string> told_by(const AskingResult& result,
                                                    const check::ProbePointers& pointers) {
  if (!result.error.empty()) return tl::unexpected("the probe: " + result.error);
  if (result.status == 404) return check::unknown_device();
  if (result.status / 100 == 3) {
    return tl::unexpected(
        fmt::format("the probe answered {}; redirects are not followed", result.status));
  }
  if (result.status != 0 && !http::is_success(result.status)) {
    return tl::unexpected(fmt::format("the probe answered {}", result.status));
  }
  auto told = check::read_probe_answer(result.text, pointers);
  if (!told) return tl::unexpected("the probe: " + told.error());
  return told;
}

}  // namespace

Probe::Probe(boost::asio::io_context& io, const scenario::Plan& plan, check::Journal& journal)
    : io_(io), journal_(journal) {
  if (!plan.endpoint.probe) return;
  plan_ = &*plan.endpoint.probe;
  for (const fleet::Device& device : plan.field.devices) {
    if (is_asked_for(plan, device.id)) devices_.push_back(&device.id);
  }
}

void Probe::ask(When when, const check::Stamp& stamp, std::function<void()> done) {
  if (plan_ == nullptr || devices_.empty()) return done();
  when_ = when;
  stamp_ = stamp;
  done_ = std::move(done);
  results_.assign(devices_.size(), {});
  under_way_.assign(devices_.size(), nullptr);
  next_ = busy_ = failures_ = 0;
  fill();
}

void Probe::stop() {
  done_ = nullptr;
  for (const auto& asking : std::exchange(under_way_, {})) {
    if (asking) asking->stop();
  }
}

void Probe::fill() {
  for (; next_ < devices_.size() && failures_ >= kPatience; ++next_) {
    results_[next_].error =
        fmt::format("not asked, after {} askings in a row had come to nothing", kPatience);
  }
  while (next_ < devices_.size() && busy_ < kAtOnce) begin(next_++);
  if (busy_ == 0) write_down();
}

void Probe::begin(std::size_t index) {
  ++busy_;
  const std::string& device = *devices_[index];
  const auto done = [this, index](const AskingResult& result) { on_result(index, result); };
  if (!plan_->url.empty()) {
    under_way_[index] = ask_by_http(io_, http::parse_endpoint(url_for(device)).value(),
                                    plan_->authorization, plan_->timeout, done);
    return;
  }
  std::vector<std::string> argv;
  for (const auto& word : plan_->command) argv.push_back(with_device(word.text, device));
  under_way_[index] = ask_by_command(io_, std::move(argv), plan_->timeout, done);
}

void Probe::on_result(std::size_t index, const AskingResult& result) {
  --busy_;
  failures_ = result.error.empty() ? 0 : failures_ + 1;
  results_[index] = result;
  under_way_[index] = nullptr;
  fill();
}

void Probe::write_down() {
  for (std::size_t i = 0; i < devices_.size(); ++i) append(i, results_[i]);
  results_.clear();
  if (const auto done = std::exchange(done_, nullptr)) done();
}

void Probe::append(std::size_t index, const AskingResult& result) {
  const std::string& device = *devices_[index];
  const auto told = told_by(result, plan_->pointers);
  const std::string again = again_for(device);
  journal_.append(stamp_,
                  check::ProbeAnswered{device, when_ == When::after, result.status,
                                       std::string_view(result.text).substr(0, kMaxKept),
                                       told ? std::string_view{} : std::string_view(told.error()),
                                       told ? &*told : nullptr, again});
}

std::string Probe::url_for(const std::string& device) const {
  return with_device(plan_->url, device);
}

std::string Probe::again_for(const std::string& device) const {
  if (!plan_->url.empty()) {
    return check::curl_get_command(url_for(device), !plan_->authorization.empty());
  }
  std::string command;
  for (const auto& word : plan_->command) {
    if (!command.empty()) command += ' ';
    command += word.from_environment
                   ? "'***'"
                   : check::shell_quoted(check::without_keys(with_device(word.text, device)));
  }
  return command;
}

}  // namespace sim::run
