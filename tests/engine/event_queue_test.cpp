#include "sim/engine/event_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sim/engine/random.h"

namespace sim::engine {
namespace {

using ::testing::ElementsAre;

SimTime at(int seconds) {
  return SimTime(std::chrono::seconds(seconds));
}

template <class Event>
std::vector<Event> drained(EventQueue<Event>& queue) {
  std::vector<Event> events;
  while (!queue.empty()) events.push_back(queue.pop());
  return events;
}

TEST(EventQueue, StartsEmpty) {
  const EventQueue<int> queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.size(), 0u);
}

TEST(EventQueue, GivesTheEarliestFirst) {
  EventQueue<char> queue;
  queue.push(at(3), 'c');
  queue.push(at(1), 'a');
  queue.push(at(2), 'b');
  EXPECT_EQ(queue.next_time(), at(1));
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_THAT(drained(queue), ElementsAre('a', 'b', 'c'));
}

TEST(EventQueue, GivesEventsOfAMomentInTheOrderOfPushing) {
  EventQueue<int> queue;
  for (int i = 0; i < 100; ++i) queue.push(at(i % 3), i);
  std::vector<int> expected;
  for (int moment = 0; moment < 3; ++moment) {
    for (int i = moment; i < 100; i += 3) expected.push_back(i);
  }
  EXPECT_EQ(drained(queue), expected);
}

TEST(EventQueue, KeepsTheOrderOfAMomentAcrossPops) {
  EventQueue<int> queue;
  queue.push(at(1), 1);
  queue.push(at(1), 2);
  EXPECT_EQ(queue.pop(), 1);
  queue.push(at(1), 3);
  EXPECT_EQ(queue.pop(), 2);
  queue.push(at(0), 0);
  EXPECT_THAT(drained(queue), ElementsAre(0, 3));
}

TEST(EventQueue, TakesMomentsBeforeTheEpoch) {
  EventQueue<int> queue;
  queue.push(at(0), 0);
  queue.push(at(-1), -1);
  queue.push(SimTime::min(), -2);
  queue.push(SimTime::max(), 1);
  EXPECT_THAT(drained(queue), ElementsAre(-2, -1, 0, 1));
}

TEST(EventQueue, TakesEventsThatOnlyMove) {
  EventQueue<std::unique_ptr<int>> queue;
  queue.push(at(2), std::make_unique<int>(2));
  queue.push(at(1), std::make_unique<int>(1));
  EXPECT_EQ(*queue.pop(), 1);
  EXPECT_EQ(*queue.pop(), 2);
}

TEST(EventQueue, SortsAsAStableSortDoes) {
  Random random(1, Purpose::jitter, 0);
  EventQueue<std::pair<int, int>> queue;
  std::vector<std::pair<int, int>> events;
  for (int i = 0; i < 2000; ++i) {
    const int moment = static_cast<int>(random.below(50));
    events.emplace_back(moment, i);
    queue.push(at(moment), events.back());
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  EXPECT_EQ(drained(queue), events);
}

/// What the queue is held against: all events in one sorted list.
TEST(EventQueue, AgreesWithASortedListOverSecondsHoursAndWeeks) {
  Random random(7, Purpose::jitter, 1);
  EventQueue<int> queue;
  std::multimap<SimTime, int> sorted;  // equal keys stay in the order of insertion
  SimTime now = at(1'700'000'000);
  for (int i = 0; i < 20'000; ++i) {
    const double reach_s[] = {0, 0.2, 30, 4'000, 6'000, 700'000};
    const double ahead = reach_s[random.below(6)] * random.uniform();
    const SimTime due = now + std::chrono::milliseconds(static_cast<int>(ahead) * 1000);
    queue.push(due, i);
    sorted.emplace(due, i);
    if (random.below(3) == 0) continue;
    ASSERT_EQ(queue.next_time(), sorted.begin()->first);
    now = queue.next_time();
    ASSERT_EQ(queue.pop(), sorted.begin()->second);
    sorted.erase(sorted.begin());
  }
  while (!queue.empty()) {
    ASSERT_EQ(queue.pop(), sorted.begin()->second);
    sorted.erase(sorted.begin());
  }
  EXPECT_TRUE(sorted.empty());
}

TEST(EventQueue, TakesEventsOfThePastAndOfTheYearBefore1970) {
  EventQueue<int> queue;
  queue.push(at(-1), 2);
  queue.push(at(-100'000), 1);
  queue.push(at(0), 3);
  EXPECT_THAT(drained(queue), ElementsAre(1, 2, 3));
}

struct Touched {
  static constexpr int kPasses = 2;
  std::vector<int>* seen;
  void operator()(int event, int pass) const { seen->push_back(10 * pass + event); }
};

TEST(EventQueue, TellsOfEventsBeforeTheyAreDue) {
  std::vector<int> seen;
  EventQueue<int, Touched> queue(Touched{&seen});
  queue.push(at(0), 0);
  queue.push(at(60), 1);
  queue.push(at(60), 2);
  EXPECT_THAT(seen, ElementsAre());
  queue.pop();
  EXPECT_THAT(seen, ElementsAre(1, 2, 11, 12));
}

}  // namespace
}  // namespace sim::engine
