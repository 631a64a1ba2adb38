// The options of each command, a struct a command, and those that hold everywhere.
// Filled by command_line, read by the commands. Thread rule: values. Source: sim/cli/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim::cli {

enum class Format : unsigned char { text, json };

/// Options that hold everywhere.
struct GlobalOptions {
  bool quiet = false;
  bool verbose = false;
  std::string color = "auto";  ///< auto, always or never
  Format format = Format::text;
};

/// The way to the endpoint, of run and check. Empty means: as the scenario says.
struct RouteOptions {
  std::string ca, certificate, key;  ///< files
  std::string unix_socket, proxy;
  bool insecure = false;
};

/// `lnsim run`. Empty means: as the scenario says.
struct RunOptions {
  std::string scenario;
  std::string endpoint, seed, pace, duration, count, dialect, listen, public_url, connections;
  std::string timeout, authorization, wait_for_endpoint, journal, rate, metrics;
  RouteOptions route;
  bool allow_commands = false;       ///< the scenario may run commands
  bool find_max_rate = false;        ///< many runs, to find the highest rate that holds
  std::vector<std::string> set;      ///< path=value
  std::vector<std::string> headers;  ///< "Name: value"
  std::vector<std::string> reports;  ///< FORMAT=FILE
};

/// `lnsim generate`. Empty means: as the scenario says.
struct GenerateOptions {
  std::string scenario;
  std::string out = "-";
  std::string form;  ///< empty: by the name of `out`
  std::string manifest, verify;
  std::string seed, duration, count, dialect, endpoint, public_url;
  unsigned threads = 0;  ///< 0: as many as there are processors, up to 8
  bool no_manifest = false;
  bool boundary = false, invalid = false;
  bool with_downlinks = false;
  std::vector<std::string> columns;  ///< of csv
  std::vector<std::string> set;      ///< path=value
};

/// `lnsim anonymise`
struct AnonymiseOptions {
  std::string recording;
  std::string out = "-";
  std::string secret, new_secret;       ///< files
  std::string secret_from_environment;  ///< a variable's name
  std::string payload = "scramble";
  std::string times = "keep";
  bool strict = false;
};

/// `lnsim learn`
struct LearnOptions {
  std::string recording;
  std::string out = "-";
  std::string name;    ///< empty: after the recording
  std::string region;  ///< empty: as the frequencies say
  std::string within;  ///< empty: any distance will do
  std::uint64_t seed = 1;
};

/// `lnsim record`
struct RecordOptions {
  std::string listen = "127.0.0.1:8080";
  std::string out;
  unsigned status = 200;
  std::string body, delay, forward, timeout, duration, count;
  std::vector<std::string> headers;  ///< "Name: value", of the answer
  bool keep_secrets = false;
};

/// `lnsim replay`: the options of a run, whose scenario is the file of --expect.
struct ReplayOptions {
  std::string recording;
  std::string times = "keep";  ///< keep, now, or a moment
  RunOptions run;
};

/// `lnsim validate`
struct ValidateOptions {
  std::vector<std::string> scenarios;
};

/// `lnsim list`
struct ListOptions {
  std::string what;
};

/// `lnsim check`. Empty means: as the suite and the profile say.
struct CheckOptions {
  std::string url, profile, suite, level, baseline, write_baseline, until, reason;
  std::string seed, authorization, timeout, dialect, listen, public_url, wait_for_endpoint, journal;
  RouteOptions route;
  unsigned jobs = 4;
  bool strict = false;
  bool list = false;
  bool allow_commands = false;        ///< cases may run commands
  std::vector<std::string> cases;     ///< folders
  std::vector<std::string> only;      ///< ids
  std::vector<std::string> sections;  ///< numbers
  std::vector<std::string> set, headers, reports;
};

/// `lnsim report`
struct ReportOptions {
  std::string journal;
  std::vector<std::string> reports;  ///< FORMAT=FILE
};

/// `lnsim decode` and `lnsim encode`
struct CodecOptions {
  std::string codec;
  std::string data;  ///< base64 or hexadecimal; of encode: a JSON object
  unsigned port = 1;
  bool hex = false;
  bool downlink = false;  ///< decode as a device does
  bool uplink = false;    ///< encode as a device does
  bool batch = false;
};

/// `lnsim endpoint`
struct EndpointOptions {
  std::string listen = "127.0.0.1:8080";
  std::string authorization;
  std::string field = "moisture";
  double below = 15;
  unsigned downlink_port = 2;
  bool confirmed = false;
  std::string defect;
  std::string defect_delay = "10s";
  bool list_defects = false;
};

}  // namespace sim::cli
