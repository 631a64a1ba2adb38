// The regions, one function and one file each.
// Called by channel_plan.cpp, which lists them. Thread rule: the plans are immutable.
// Source: the head of each region's file.
#pragma once

#include "sim/lorawan/channel_plan.h"

namespace sim::lorawan {

const ChannelPlan& eu868();
const ChannelPlan& us915();

}  // namespace sim::lorawan
