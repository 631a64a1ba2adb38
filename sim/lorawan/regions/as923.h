// What groups 2 to 4 of AS923 have in common: they differ in their frequencies alone. Group 1 is
// that of older parameters, with tables of its own. Called by as923_2.cpp to as923_4.cpp. Thread
// rule: constants. Source: regional parameters RP002-1.0.4.
#pragma once

#include "sim/lorawan/channel_plan.h"

namespace sim::lorawan::as923 {

inline constexpr RegionalDataRate kDataRates[] = {
    {lora(12, 125'000), 51, 0},   {lora(11, 125'000), 51, 0},   {lora(10, 125'000), 115, 11},
    {lora(9, 125'000), 115, 53},  {lora(8, 125'000), 242, 125}, {lora(7, 125'000), 242, 242},
    {lora(7, 250'000), 242, 242}, {fsk(50'000), 242, 242},
};

inline constexpr Rx1DataRates kRx1[] = {
    {0, 0, 0, 0, 0, 0, 1, 2}, {1, 0, 0, 0, 0, 0, 2, 3}, {2, 1, 0, 0, 0, 0, 3, 4},
    {3, 2, 1, 0, 0, 0, 4, 5}, {4, 3, 2, 1, 0, 0, 5, 6}, {5, 4, 3, 2, 1, 0, 6, 7},
    {6, 5, 4, 3, 2, 1, 7, 7}, {7, 6, 5, 4, 3, 2, 7, 7},
};

inline constexpr Rx1DataRates kRx1Dwell[] = {
    {2, 2, 2, 2, 2, 2, 2, 2}, {2, 2, 2, 2, 2, 2, 2, 3}, {2, 2, 2, 2, 2, 2, 3, 4},
    {3, 2, 2, 2, 2, 2, 4, 5}, {4, 3, 2, 2, 2, 2, 5, 6}, {5, 4, 3, 2, 2, 2, 6, 7},
    {6, 5, 4, 3, 2, 2, 7, 7}, {7, 6, 5, 4, 3, 2, 7, 7},
};

inline constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14};

}  // namespace sim::lorawan::as923
