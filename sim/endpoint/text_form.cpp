#include "sim/endpoint/text_form.h"

#include <algorithm>
#include <cstddef>

namespace sim::endpoint {

namespace {

constexpr std::size_t kMaxTime = 40;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// In a form, 'd' is any digit and '+' a sign.
bool fits(std::string_view text, std::string_view form) {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char c, char f) {
    return f == 'd' ? is_digit(c) : c == f || (f == '+' && c == '-');
  });
}

}  // namespace

bool is_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  if (text.find_first_not_of(kAlphabet) != std::string_view::npos) return false;
  const std::size_t last = padding == 0 ? 0 : kAlphabet.find(text.back());
  return last % (std::size_t{1} << (2 * padding)) == 0;
}

bool is_time(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  if (text.size() > kMaxTime || !fits(text.substr(0, kForm.size()), kForm)) return false;
  text.remove_prefix(kForm.size());
  if (text.starts_with('.')) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    if (end == 1) return false;
    text.remove_prefix(end);
  }
  return text == "Z" || fits(text, "+dd:dd");
}

std::chrono::microseconds moment_of(std::string_view time) {
  using namespace std::chrono;
  const auto number = [](std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
  };
  const year_month_day day(year(number(time.substr(0, 4))),
                           month(static_cast<unsigned>(number(time.substr(5, 2)))),
                           std::chrono::day(static_cast<unsigned>(number(time.substr(8, 2)))));
  microseconds moment = sys_days(day).time_since_epoch() + hours(number(time.substr(11, 2))) +
                        minutes(number(time.substr(14, 2))) + seconds(number(time.substr(17, 2)));
  time.remove_prefix(19);
  if (time.starts_with('.')) {
    microseconds unit(100'000);
    for (time.remove_prefix(1); time.front() >= '0' && time.front() <= '9'; time.remove_prefix(1)) {
      moment += unit * (time.front() - '0');
      unit /= 10;
    }
  }
  if (time == "Z") return moment;
  const minutes offset = hours(number(time.substr(1, 2))) + minutes(number(time.substr(4, 2)));
  return time.front() == '-' ? moment + offset : moment - offset;
}

bool nests_deeper_than(int levels, std::string_view json) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
        continue;
      }
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > levels) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_hex_digit);
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace sim::endpoint
