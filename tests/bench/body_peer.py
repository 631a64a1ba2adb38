"""The bodies of uplinks, made from ready values in a loop: nanoseconds a body.

usage: python3 body_peer.py LINES.jsonl
"""

import json
import sys
import time


def body(v):
    m = v["metadata"]
    return json.dumps({
        "app_id": v["app_id"], "dev_id": v["dev_id"], "hardware_serial": v["hardware_serial"], "port": v["port"],
        "counter": v["counter"], "is_retry": v["is_retry"], "payload_raw": v["payload_raw"],
        "metadata": {
            "time": m["time"], "frequency": m["frequency"], "modulation": m["modulation"],
            "data_rate": m["data_rate"], "coding_rate": m["coding_rate"],
            "gateways": [{
                "id": g["id"], "timestamp": g["timestamp"], "time": g.get("time"), "channel": g["channel"],
                "rssi": g["rssi"], "snr": g["snr"], "rf_chain": g["rf_chain"],
            } for g in m["gateways"]],
        },
        "downlink_url": v["downlink_url"],
    }, separators=(",", ":"))


with open(sys.argv[1], encoding="utf-8") as file:
    values = [json.loads(line) for line in file]
size = 0
began = time.perf_counter_ns()
for one in values:
    size += len(body(one))
taken = (time.perf_counter_ns() - began) / len(values)
print(f"{taken:.0f}")
