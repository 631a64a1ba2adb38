#include "sim/recording/pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sim::recording {

namespace {

constexpr std::size_t kPeek = 4096;
constexpr std::size_t kDeepest = 256;
constexpr std::size_t kLongestKey = 16;
constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kSpaces = " \t\r\n";

void add(std::string_view text, Piece& piece) {
  piece.size += text.size();
  piece.text.append(text.substr(0, kLongestPiece - std::min(kLongestPiece, piece.text.size())));
}

void judge_size(Piece& piece) {
  if (piece.size <= kLongestPiece) return;
  piece.problem = fmt::format("it has {} bytes, more than the {} MiB that a request may have",
                              piece.size, kLongestPiece / (1024 * 1024));
}

/// What a file of another kind cannot tell of itself.
bool tell_of_end(const Characters& characters, bool& told, Piece& piece) {
  if (std::exchange(told, true) || characters.problem().empty()) return false;
  piece.line = characters.line();
  piece.problem = characters.problem();
  return true;
}

class Lines final : public Pieces {
 public:
  explicit Lines(Characters characters) : characters_(std::move(characters)) {}

  bool next(Piece& piece) override {
    while (read_line(piece)) {
      if (piece.text.find_first_not_of(kSpaces) != std::string::npos) return true;
    }
    return tell_of_end(characters_, told_, piece);
  }

 private:
  bool read_line(Piece& piece) {
    piece.text.clear();  // and keeps its memory
    piece.size = 0;
    piece.problem.clear();
    piece.line = characters_.line();
    std::string_view ahead = characters_.ahead();
    if (ahead.empty()) return false;
    for (; !ahead.empty(); ahead = characters_.ahead()) {
      const std::size_t end = ahead.find('\n');
      add(ahead.substr(0, end), piece);
      characters_.take(std::min(end, ahead.size() - 1) + 1);
      if (end != std::string_view::npos) break;
    }
    judge_size(piece);
    return true;
  }

  Characters characters_;
  bool told_ = false;
};

/// Follows the brackets and texts of a JSON document, and cuts out what lies in log.entries.
class HarEntries final : public Pieces {
 public:
  explicit HarEntries(Characters characters) : characters_(std::move(characters)) {}

  bool next(Piece& piece) override {
    piece = {};
    for (std::string_view ahead = characters_.ahead(); !ahead.empty() && !broken_;
         ahead = characters_.ahead()) {
      if (scan(ahead, piece)) return true;
    }
    if (broken_ || std::exchange(told_, true)) return false;
    return end(piece);
  }

 private:
  [[nodiscard]] bool in_entry() const { return entries_ && open_.size() > 3; }

  /// Takes bytes up to the end of an entry, or of what is there; true where a piece is complete.
  bool scan(std::string_view ahead, Piece& piece) {
    std::size_t begin = 0;  // of what belongs to the entry
    for (std::size_t at = 0; at < ahead.size(); ++at) {
      const bool was_in = in_entry();
      if (!follow(ahead[at])) return give_up(at, piece);
      if (!was_in && in_entry()) {
        begin = at;
        characters_.take(at);
        ahead.remove_prefix(at);
        at = begin = 0;
        piece.line = characters_.line();
      }
      if (was_in && !in_entry()) {
        add(ahead.substr(begin, at + 1 - begin), piece);
        characters_.take(at + 1);
        judge_size(piece);
        return true;
      }
    }
    if (in_entry()) add(ahead.substr(begin), piece);
    characters_.take(ahead.size());
    return false;
  }

  bool give_up(std::size_t at, Piece& piece) {
    characters_.take(at);
    piece.line = characters_.line();
    piece.problem = "the file is not JSON from here on";
    broken_ = true;
    return true;
  }

  bool end(Piece& piece) {
    if (!in_entry()) piece.line = characters_.line();
    const std::string problem = characters_.problem();
    if (!problem.empty()) {
      piece.problem = problem;
    } else if (!open_.empty() || in_text_) {
      piece.problem = "the file ends before its HAR log does";
    } else if (!seen_) {
      piece.problem = "the HAR log has no entries";
    }
    return !piece.problem.empty();
  }

  /// Takes note of a byte; false where it cannot be JSON.
  bool follow(char c) {
    if (in_text_) return follow_text(c);
    switch (c) {
      case '"':
        in_text_ = true;
        text_.clear();
        return true;
      case ':':
        if (open_.size() <= keys_.size() && !open_.empty()) keys_[open_.size() - 1] = text_;
        return true;
      case '{':
      case '[':
        return open(c);
      case '}':
      case ']':
        return close(c);
      default:
        return true;
    }
  }

  bool follow_text(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_text_ = false;
    }
    if (in_text_ && open_.size() <= keys_.size() && text_.size() <= kLongestKey) text_ += c;
    return true;
  }

  bool open(char c) {
    if (open_.size() == kDeepest) return false;
    open_ += c;
    if (open_ == "{{[" && keys_[0] == "log" && keys_[1] == "entries") entries_ = seen_ = true;
    return true;
  }

  bool close(char c) {
    if (open_.empty() || open_.back() != (c == '}' ? '{' : '[')) return false;
    open_.pop_back();
    if (entries_ && open_.size() < 3) entries_ = false;
    return true;
  }

  Characters characters_;
  std::string open_;  // brackets
  std::string text_;  // the beginning of the last text that may be a key
  std::array<std::string, 2> keys_;
  bool in_text_ = false;
  bool escaped_ = false;
  bool entries_ = false;  // we are in log.entries
  bool seen_ = false;
  bool broken_ = false;
  bool told_ = false;
};

/// `{"log":`, with or without spaces.
bool begins_har(std::string_view text) {
  for (const std::string_view token :
       {std::string_view("{"), std::string_view("\"log\""), std::string_view(":")}) {
    text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
    if (!text.starts_with(token)) return false;
    text.remove_prefix(token.size());
  }
  return true;
}

}  // namespace

std::string_view Characters::ahead() {
  if (rest_.empty()) rest_ = source_->read();
  return rest_;
}

std::string_view Characters::peek(std::size_t size) {
  while (peeked_.size() < size) {
    const std::string_view more = source_->read();
    if (more.empty()) break;
    peeked_.insert(peeked_.end(), more.begin(), more.end());
  }
  rest_ = {peeked_.data(), peeked_.size()};
  return rest_.substr(0, size);
}

void Characters::take(std::size_t count) {
  const std::string_view taken = rest_.substr(0, count);
  line_ += static_cast<std::uint64_t>(std::count(taken.begin(), taken.end(), '\n'));
  rest_.remove_prefix(taken.size());
}

std::unique_ptr<Pieces> pieces_of(std::unique_ptr<ByteSource> source, bool& is_har) {
  auto characters = Characters(std::move(source));
  if (characters.peek(kPeek).starts_with(kMark)) characters.take(kMark.size());
  is_har = begins_har(characters.ahead());
  if (is_har) return std::make_unique<HarEntries>(std::move(characters));
  return std::make_unique<Lines>(std::move(characters));
}

}  // namespace sim::recording
