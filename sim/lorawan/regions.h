// The regions, one function and one file each, in regions/.
// Called by channel_plan.cpp, which lists them. Thread rule: the plans are immutable.
// Source: the head of each region's file.
#pragma once

#include "sim/lorawan/channel_plan.h"

namespace sim::lorawan {

const ChannelPlan& eu868();
const ChannelPlan& us915();
const ChannelPlan& au915();
const ChannelPlan& as923_1();
const ChannelPlan& as920_923();
const ChannelPlan& as923_2();
const ChannelPlan& as923_3();
const ChannelPlan& as923_4();
const ChannelPlan& in865();
const ChannelPlan& kr920();
const ChannelPlan& cn470();
const ChannelPlan& eu433();
const ChannelPlan& ru864();

}  // namespace sim::lorawan
