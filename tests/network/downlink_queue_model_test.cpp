// Every sequence of up to five operations on a device's downlinks, against a model of the rules.
//
// The model is told in plain lists here, and knows nothing of DownlinkQueue: what waits, what was
// sent and is not done with yet, how many downlinks went out. After each operation the server and
// the model must say the same. Source: shared facts on TTN v2, section 3.
#include <gtest/gtest.h>

#include <array>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "sim/network/server.h"

namespace sim::network {
namespace {

/// What an application or a device may do next.
enum class Operation : std::uint8_t {
  replace,
  replace_confirmed,
  first,
  first_confirmed,
  last,
  last_confirmed,
  uplink,
  uplink_with_ack,
  confirmed_uplink,
  confirmed_uplink_with_ack,
  repeated_uplink,  // the frame before once more, as it was
};

constexpr std::array<const char*, 11> kNames = {"replace",
                                                "replace, confirmed",
                                                "first",
                                                "first, confirmed",
                                                "last",
                                                "last, confirmed",
                                                "uplink",
                                                "uplink with ack",
                                                "confirmed uplink",
                                                "confirmed uplink with ack",
                                                "repeated uplink"};
constexpr std::size_t kOperations = kNames.size();
constexpr std::size_t kDepth = 5;
using Sequence = std::array<std::uint8_t, kDepth>;

bool is_enqueuing(Operation operation) {
  return operation < Operation::uplink;
}

/// A frame as the device sends it.
struct Frame {
  std::uint32_t f_cnt = 0;
  bool confirmed = false;
  bool ack = false;
};

/// What is seen of the server after an operation. Of a downlink: its number, 0 for none.
struct Outcome {
  std::vector<std::uint64_t> displaced;
  std::uint64_t acknowledged = 0;
  bool refused = false;   // the frame, by its counter
  bool answered = false;  // something went out in the window
  std::uint64_t sent = 0;
  bool first_time = false;
  bool pending = false;
  bool ack = false;
  std::uint32_t f_cnt_down = 0;
  std::size_t waiting = 0;

  bool operator==(const Outcome&) const = default;
};

std::string to_text(const Outcome& outcome) {
  std::string text = "displaced";
  for (const std::uint64_t number : outcome.displaced) text += " " + std::to_string(number);
  text += ", acknowledged " + std::to_string(outcome.acknowledged);
  if (outcome.refused) text += ", refused";
  if (outcome.answered) text += ", sent " + std::to_string(outcome.sent);
  if (outcome.first_time) text += " for the first time";
  if (outcome.pending) text += ", more pending";
  if (outcome.ack) text += ", ack";
  return text + ", down " + std::to_string(outcome.f_cnt_down) + ", waiting " +
         std::to_string(outcome.waiting);
}

/// The device's side: which frame an operation sends.
struct Sender {
  Frame last;

  Frame next(Operation operation) {
    if (operation == Operation::repeated_uplink) return last;
    ++last.f_cnt;
    last.confirmed = operation >= Operation::confirmed_uplink;
    last.ack = operation == Operation::uplink_with_ack ||
               operation == Operation::confirmed_uplink_with_ack;
    return last;
  }
};

/// The rules: a list of what waits, and one downlink under way.
class Model {
 public:
  Outcome enqueue(Operation operation, std::uint64_t number) {
    Outcome outcome;
    const bool confirmed = static_cast<int>(operation) % 2 != 0;
    if (operation <= Operation::replace_confirmed) {
      for (const Item& item : waiting_) outcome.displaced.push_back(item.number);
      waiting_.clear();
      under_way_.clear();
    }
    const bool in_front = operation == Operation::first || operation == Operation::first_confirmed;
    waiting_.insert(in_front ? waiting_.begin() : waiting_.end(), {number, confirmed});
    outcome.waiting = waiting_.size();
    return outcome;
  }

  Outcome uplink(const Frame& frame) {
    Outcome outcome;
    outcome.waiting = waiting_.size();
    const bool is_repeated = frame.f_cnt == last_f_cnt_;
    // A frame may come twice if it is confirmed; the deployed server took 0 again and again.
    outcome.refused = is_repeated && !frame.confirmed && frame.f_cnt != 0;
    if (outcome.refused) return outcome;
    last_f_cnt_ = frame.f_cnt;
    if (!is_repeated) finish(frame, outcome);
    answer(frame, outcome);
    return outcome;
  }

 private:
  struct Item {
    std::uint64_t number;
    bool confirmed;
  };

  /// What is under way is done with: an unconfirmed one by any new frame, a confirmed one by an
  /// acknowledgement.
  void finish(const Frame& frame, Outcome& outcome) {
    if (under_way_.empty()) return;
    const Item item = under_way_.front();
    if (item.confirmed && !frame.ack) return;
    if (item.confirmed) outcome.acknowledged = item.number;
    under_way_.clear();
  }

  void answer(const Frame& frame, Outcome& outcome) {
    if (under_way_.empty() && !waiting_.empty()) {
      under_way_.splice(under_way_.begin(), waiting_, waiting_.begin());
      outcome.first_time = true;
    }
    outcome.waiting = waiting_.size();
    if (under_way_.empty() && !frame.confirmed) return;
    outcome.answered = true;
    outcome.ack = frame.confirmed;
    if (under_way_.empty()) {
      outcome.first_time = true;  // of a bare acknowledgement, each is the first
    } else {
      outcome.sent = under_way_.front().number;
    }
    outcome.pending = !waiting_.empty();
    outcome.f_cnt_down = sent_++;
  }

  std::list<Item> waiting_;
  std::list<Item> under_way_;  // one at most: it was sent at least once
  std::uint32_t last_f_cnt_ = 0;
  std::uint32_t sent_ = 0;
};

Outcome enqueue(Server& server, Operation operation, std::uint64_t number) {
  constexpr Schedule kSchedules[] = {Schedule::replace, Schedule::first, Schedule::last};
  Downlink downlink;
  downlink.number = number;
  downlink.schedule = kSchedules[static_cast<std::size_t>(operation) / 2];
  downlink.confirmed = static_cast<int>(operation) % 2 != 0;
  Outcome outcome;
  outcome.displaced = server.enqueue(std::move(downlink));
  outcome.waiting = server.unsent();
  return outcome;
}

/// An uplink's way through the server, in World's order.
Outcome send(Server& server, const Frame& frame) {
  Outcome outcome;
  Uplink uplink;
  uplink.f_cnt = frame.f_cnt;
  uplink.confirmed = frame.confirmed;
  outcome.refused = server.accept(uplink) != CounterVerdict::accepted;
  if (!outcome.refused) {
    outcome.acknowledged = server.acknowledge(uplink, frame.ack).value_or(0);
    const bool expected = server.may_respond(uplink, {});
    const std::optional<Answer> answer = server.respond(uplink);
    EXPECT_EQ(expected, answer.has_value()) << "may_respond() tells something else";
    if (answer) {
      outcome.answered = true;
      outcome.sent = answer->downlink != nullptr ? answer->downlink->number : 0;
      outcome.first_time = answer->first_time;
      outcome.pending = answer->pending;
      outcome.ack = answer->ack;
      outcome.f_cnt_down = answer->f_cnt_down;
    }
  }
  outcome.waiting = server.unsent();
  return outcome;
}

std::string text_of(const Sequence& sequence, std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    text += std::string(i == 0 ? "" : "; ") + kNames[sequence[i]];
  }
  return text;
}

/// The first step of the sequence after which server and model differ, in words; else nothing.
std::string difference(const Sequence& sequence) {
  Server server(1);
  Model model;
  Sender sender;
  for (std::size_t i = 0; i < kDepth; ++i) {
    const auto operation = static_cast<Operation>(sequence[i]);
    Outcome seen;
    Outcome wanted;
    if (is_enqueuing(operation)) {
      seen = enqueue(server, operation, i + 1);
      wanted = model.enqueue(operation, i + 1);
    } else {
      const Frame frame = sender.next(operation);
      seen = send(server, frame);
      wanted = model.uplink(frame);
    }
    if (seen != wanted) {
      return text_of(sequence, i + 1) + ":\n  " + to_text(seen) + ", and by the model\n  " +
             to_text(wanted);
    }
  }
  return "";
}

/// The next sequence in the order of the first operation, then the second, and so on.
bool advance(Sequence& sequence) {
  for (std::size_t i = kDepth; i-- > 0;) {
    if (++sequence[i] < kOperations) return true;
    sequence[i] = 0;
  }
  return false;
}

// A sequence of five holds all those of fewer operations: each step is compared.
TEST(DownlinkQueueModel, AgreesWithTheServerInEverySequenceOfFiveOperations) {
  std::size_t count = 0;
  Sequence sequence{};
  do {
    ASSERT_EQ(difference(sequence), "");
    ++count;
  } while (advance(sequence));
  EXPECT_EQ(count, 161'051U);
}

}  // namespace
}  // namespace sim::network
