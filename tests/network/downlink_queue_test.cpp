#include "sim/network/downlink_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sim::network {
namespace {

using ::testing::ElementsAre;

Downlink downlink(std::uint64_t number, Schedule schedule, bool confirmed = false) {
  Downlink made;
  made.number = number;
  made.schedule = schedule;
  made.confirmed = confirmed;
  return made;
}

/// What take() gives, as a number; 0 where there is none.
std::uint64_t taken(DownlinkQueue& queue) {
  const Downlink* next = queue.take();
  return next == nullptr ? 0 : next->number;
}

TEST(DownlinkQueue, GivesNothingWhenEmpty) {
  DownlinkQueue queue;
  EXPECT_EQ(queue.take(), nullptr);
  EXPECT_EQ(queue.on_uplink({}), std::nullopt);
  EXPECT_EQ(queue.waiting(), 0u);
}

TEST(DownlinkQueue, SendsAnUnconfirmedDownlinkOnce) {
  DownlinkQueue queue;
  queue.push(downlink(1, Schedule::last));
  EXPECT_EQ(taken(queue), 1u);
  queue.on_uplink({});
  EXPECT_EQ(taken(queue), 0u);
}

TEST(DownlinkQueue, PutsFirstBeforeWhatWaitsAndLastBehind) {
  DownlinkQueue queue;
  queue.push(downlink(1, Schedule::last));
  queue.push(downlink(2, Schedule::last));
  queue.push(downlink(3, Schedule::first));
  for (const std::uint64_t expected : {3u, 1u, 2u, 0u}) {
    EXPECT_EQ(taken(queue), expected);
    queue.on_uplink({});
  }
}

TEST(DownlinkQueue, FirstDoesNotOvertakeAConfirmedDownlinkThatWasSent) {
  DownlinkQueue queue;
  queue.push(downlink(1, Schedule::last, true));
  EXPECT_EQ(taken(queue), 1u);
  queue.push(downlink(2, Schedule::first));
  queue.on_uplink({});
  EXPECT_EQ(taken(queue), 1u);
  EXPECT_EQ(queue.on_uplink({.ack = true}), 1u);
  EXPECT_EQ(taken(queue), 2u);
}

TEST(DownlinkQueue, ReplaceEndsTheRepetitionOfASentDownlink) {
  DownlinkQueue queue;
  queue.push(downlink(1, Schedule::last, true));
  EXPECT_EQ(taken(queue), 1u);
  queue.push(downlink(2, Schedule::last));
  EXPECT_THAT(queue.push(downlink(3, Schedule::replace)), ElementsAre(2u));
  EXPECT_EQ(queue.on_uplink({.ack = true}), std::nullopt);
  EXPECT_EQ(taken(queue), 3u);
}

// The repeated frame acknowledges what came before it, not what was sent after it.
TEST(DownlinkQueue, TakesNoAcknowledgementFromARetry) {
  DownlinkQueue queue;
  queue.push(downlink(1, Schedule::last, true));
  queue.push(downlink(2, Schedule::last, true));
  EXPECT_EQ(taken(queue), 1u);
  EXPECT_EQ(queue.on_uplink({.ack = true}), 1u);
  EXPECT_EQ(taken(queue), 2u);
  EXPECT_EQ(queue.on_uplink({.is_retry = true, .ack = true}), std::nullopt);
  EXPECT_EQ(taken(queue), 2u);
}

/// The rules told once more, as one line of downlinks of which the head may have been sent.
struct Model {
  struct Item {
    std::uint64_t number;
    bool confirmed;
  };
  std::vector<Item> line;
  bool head_sent = false;

  std::vector<std::uint64_t> push(Schedule schedule, Item item) {
    std::vector<std::uint64_t> displaced;
    if (schedule == Schedule::replace) {
      for (std::size_t i = head_sent ? 1 : 0; i < line.size(); ++i) {
        displaced.push_back(line[i].number);
      }
      line.clear();
      head_sent = false;
    }
    const bool in_front = schedule == Schedule::first;
    line.insert(in_front ? line.begin() + (head_sent ? 1 : 0) : line.end(), item);
    return displaced;
  }

  std::optional<std::uint64_t> on_uplink(bool is_retry, bool ack) {
    if (!head_sent) return std::nullopt;
    const Item head = line.front();
    const bool is_done = !is_retry && (ack || !head.confirmed);
    if (!is_done) return std::nullopt;
    line.erase(line.begin());
    head_sent = false;
    return head.confirmed ? std::optional(head.number) : std::nullopt;
  }

  std::uint64_t take() {
    head_sent = !line.empty();
    return line.empty() ? 0 : line.front().number;
  }

  [[nodiscard]] std::size_t unsent() const { return line.size() - (head_sent ? 1 : 0); }
};

constexpr int kPushes = 6;   // three schedules, confirmed or not
constexpr int kUplinks = 4;  // retry or not, with ACK or without
constexpr int kSteps = kPushes + kUplinks + 1;

std::string name_of(int step) {
  if (step < kPushes) {
    const char* const schedules[] = {"replace", "first", "last"};
    return std::string(schedules[step / 2]) + (step % 2 != 0 ? "(confirmed)" : "");
  }
  if (step == kSteps - 1) return "take";
  const int kind = step - kPushes;
  return std::string(kind / 2 != 0 ? "retry" : "uplink") + (kind % 2 != 0 ? "(ack)" : "");
}

/// Carries out a step on both; a message where they differ, else nothing.
std::string difference(int step, std::uint64_t number, DownlinkQueue& queue, Model& model) {
  if (step < kPushes) {
    const auto schedule = static_cast<Schedule>(step / 2);
    const bool confirmed = step % 2 != 0;
    if (queue.push(downlink(number, schedule, confirmed)) !=
        model.push(schedule, {number, confirmed})) {
      return "displaced";
    }
  } else if (step == kSteps - 1) {
    if (taken(queue) != model.take()) return "taken";
  } else {
    const bool is_retry = (step - kPushes) / 2 != 0;
    const bool ack = (step - kPushes) % 2 != 0;
    if (queue.on_uplink({.is_retry = is_retry, .ack = ack}) != model.on_uplink(is_retry, ack)) {
      return "acknowledged";
    }
  }
  if (queue.waiting() != model.unsent()) return "waiting";
  return queue.current_is_sent() == model.head_sent ? "" : "current_is_sent";
}

/// Tries every continuation of up to `depth` steps; the first sequence that differs, or nothing.
std::string first_difference(const DownlinkQueue& queue, const Model& model, int depth,
                             std::uint64_t number) {
  if (depth == 0) return "";
  for (int step = 0; step < kSteps; ++step) {
    DownlinkQueue next_queue = queue;
    Model next_model = model;
    std::string found = difference(step, number, next_queue, next_model);
    if (!found.empty()) return name_of(step) + ": " + found;
    found = first_difference(next_queue, next_model, depth - 1, number + 1);
    if (!found.empty()) return name_of(step) + ", " + found;
  }
  return "";
}

TEST(DownlinkQueue, DoesAsTheModelInEverySequenceOfFiveSteps) {
  EXPECT_EQ(first_difference(DownlinkQueue(), Model(), 5, 1), "");
}

}  // namespace
}  // namespace sim::network
