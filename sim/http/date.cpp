#include "sim/http/date.h"

#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>

namespace sim::http {

namespace {

constexpr std::size_t kMaxLength = 64;

// As they are written today, by RFC 850, and by asctime().
constexpr const char* kForms[] = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                  "%a %b %d %H:%M:%S %Y"};

std::optional<std::tm> parsed(const std::string& text, const char* form) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  std::tm parts{};
  in >> std::get_time(&parts, form);
  const bool whole = !in.fail() && in.peek() == std::istringstream::traits_type::eof();
  // get_time() is content with a text that ends before its form does.
  const bool ends = std::string_view(form).ends_with("GMT") == text.ends_with("GMT");
  return whole && ends ? std::optional(parts) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_date(std::string_view text) {
  if (text.size() > kMaxLength) return std::nullopt;
  using namespace std::chrono;
  for (const char* form : kForms) {
    const auto parts = parsed(std::string(text), form);
    if (!parts) continue;
    const year_month_day day{year(parts->tm_year + 1900),
                             month(static_cast<unsigned>(parts->tm_mon + 1)),
                             std::chrono::day(static_cast<unsigned>(parts->tm_mday))};
    if (!day.ok()) return std::nullopt;
    return sys_days(day) + hours(parts->tm_hour) + minutes(parts->tm_min) + seconds(parts->tm_sec);
  }
  return std::nullopt;
}

}  // namespace sim::http
