// A list that many own together and nobody changes.
//
// A `devices` entry with `count: 1000000` describes a million devices whose field plans and rules
// are the same. Each device holds this list as if it were its own, and all of them lie in one place
// of memory, which stays in the processor's cache.
//
// Called by payload and fleet. Thread rule: immutable once made; copies may be on several threads.
// Source: none.
#pragma once

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace sim::engine {

/// An immutable list; a copy shares the items.
template <class Item>
class SharedList {
 public:
  SharedList() = default;
  SharedList(std::vector<Item> items)  // NOLINT: a vector is meant to convert
      : items_(items.empty() ? nullptr
                             : std::make_shared<const std::vector<Item>>(std::move(items))) {}
  SharedList(std::initializer_list<Item> items) : SharedList(std::vector<Item>(items)) {}

  /// The items, for as long as one of the copies lives.
  [[nodiscard]] const std::vector<Item>& items() const {
    static const std::vector<Item> kNone;
    return items_ ? *items_ : kNone;
  }
  [[nodiscard]] bool empty() const { return items_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return items().size(); }
  [[nodiscard]] auto begin() const { return items().begin(); }
  [[nodiscard]] auto end() const { return items().end(); }
  [[nodiscard]] const Item& operator[](std::size_t at) const { return items()[at]; }
  [[nodiscard]] const Item& at(std::size_t at) const { return items().at(at); }

 private:
  std::shared_ptr<const std::vector<Item>> items_;
};

}  // namespace sim::engine
