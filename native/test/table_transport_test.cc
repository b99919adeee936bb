#include "core/tcp_table/table_transport.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <sstream>
#include <tuple>
#include <utility>

#include "core/netlink/dump_request.h"
#include "core/owners/bpf_owners.h"
#include "test/bpf_child.h"
#include "test/live_kernel.h"
#include "test/recording_sink.h"
#include "test/tcp_scenery.h"

// The kernel's TCP tables by a BPF program, and as netlink and /proc tell them.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

struct Row {
  int family, state, local_port, remote_port;
  std::string local, remote;
  uint32_t receive_queue, send_queue;
  auto operator<=>(const Row&) const = default;
};

std::vector<Row> RowsOf(const RecordingSink& sink) {
  struct Address {
    char bytes[16];
  };
  const auto family = sink.Values<uint8_t>(Column::kFamily);
  const auto state = sink.Values<uint8_t>(Column::kState);
  const auto local_port = sink.Values<uint16_t>(Column::kLocalPort);
  const auto remote_port = sink.Values<uint16_t>(Column::kRemotePort);
  const auto local = sink.Values<Address>(Column::kLocalAddress);
  const auto remote = sink.Values<Address>(Column::kRemoteAddress);
  const auto receive_queue = sink.Values<uint32_t>(Column::kRecvQ);
  const auto send_queue = sink.Values<uint32_t>(Column::kSendQ);
  std::vector<Row> rows;
  for (size_t i = 0; i < sink.rows(); ++i) {
    rows.push_back({family[i], state[i], local_port[i], remote_port[i], {local[i].bytes, 16}, {remote[i].bytes, 16},
                    receive_queue[i], send_queue[i]});
  }
  return rows;
}

std::vector<Row> Scanned(std::unique_ptr<Transport> transport, ScanRequest request, bool* interrupted = nullptr) {
  RecordingSink sink;
  Scan scan(std::move(transport), request, &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(std::string(sink.end->operation()), "");
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.malformed + sink.tally.duplicates, 0u);
  CHECK(interrupted != nullptr || !sink.tally.interrupted);
  if (interrupted != nullptr) *interrupted = sink.tally.interrupted;
  return RowsOf(sink);
}

std::vector<Row> Sorted(std::vector<Row> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Skips where the program cannot be had; where it ought to be, everything else is a failure.
void Want() {
  if (!MayUseBpf()) throw Skip("no CAP_BPF and CAP_PERFMON");
  TableTransport transport;
  inet_diag_req body{};
  DumpRequest request(TCPDIAG_GETSOCK, body);
  const Status sent = transport.Send(request.Numbered(1));
  if (sent.code() == Code::kNotSupported || sent.error_number() == EPERM) throw Skip(sent.operation());
  CHECK_EQ(std::string(sent.operation()), "");
}

void InNetworkNamespace(const std::function<void()>& body) {
  Want();
  InChild([&] {
    EnterNamespaces(CLONE_NEWNET, "CLONE_NEWNET");
    LoopbackUp();
    body();
  });
}

// What somebody else tells, the same before and after, and what the tables told meanwhile.
template <typename Answer>
std::pair<Answer, Answer> AtRest(const std::function<Answer()>& told, const std::function<Answer()>& walked) {
  for (int tries = 0; tries < 200; ++tries) {
    Answer before = told();
    Answer answer = walked();
    if (before == told()) return {std::move(before), std::move(answer)};
    usleep(10'000);
  }
  throw Failure("the connections do not come to rest");
}

// By netlink, and by the tables.
std::pair<std::vector<Row>, std::vector<Row>> RowsAtRest(const ScanRequest& request, TableSteps steps = {}) {
  return AtRest<std::vector<Row>>(
      [&] { return Sorted(Scanned(OpenTransport(), request)); },
      [&] { return Sorted(Scanned(std::make_unique<TableTransport>(KernelBpf, steps), request)); });
}

TEST(tcp_tables_have_what_netlink_tells) {
  InNetworkNamespace([] {
    const Scenery scenery;
    for (const int threads : {1, 2}) {
      const auto [told, walked] = RowsAtRest(TcpRequest(threads));
      CHECK(told.size() > 80);
      CHECK_EQ(walked.size(), told.size());
      CHECK(walked == told);
    }
  });
}

// Local port, remote port and state of each socket, in order.
using Lines = std::vector<std::tuple<int, int, int>>;

Lines ProcLines(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  Lines lines;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string slot, local, remote, state;
    words >> slot >> local >> remote >> state;
    const auto port = [](const std::string& address) { return std::stoi(address.substr(address.find(':') + 1), nullptr, 16); };
    lines.emplace_back(port(local), port(remote), std::stoi(state, nullptr, 16));
  }
  return lines;
}

struct Families {
  Lines four, six;
  bool operator==(const Families&) const = default;
};

TEST(tcp_tables_are_in_the_order_of_proc) {
  InNetworkNamespace([] {
    const Scenery scenery;
    const auto [told, walked] = AtRest<Families>(
        [] { return Families{ProcLines("/proc/self/net/tcp"), ProcLines("/proc/self/net/tcp6")}; },
        [] {
          Families families;
          for (const Row& row : Scanned(std::make_unique<TableTransport>(), TcpRequest())) {
            Lines& lines = row.family == AF_INET ? families.four : families.six;
            lines.emplace_back(row.local_port, row.remote_port, row.state);
          }
          return families;
        });
    CHECK(walked.four.size() > 40 && walked.six.size() > 40);
    CHECK(walked.four == told.four);
    CHECK(walked.six == told.six);
  });
}

TEST(tcp_tables_give_the_states_and_the_family_asked_for) {
  InNetworkNamespace([] {
    const Scenery scenery;
    ScanRequest request = TcpRequest();
    for (const uint32_t states : {1u << 10, 0xfffu & ~(1u << 10), 1u << 6}) {
      for (const bool six : {false, true}) {
        request.states = states;
        request.inet6 = six;
        const auto [told, walked] = RowsAtRest(request);
        CHECK(!walked.empty());
        CHECK(walked == told);
      }
    }
  });
}

TEST(tcp_tables_have_buckets_of_more_sockets_than_a_run_has_steps) {
  InNetworkNamespace([] {
    const Scenery scenery;
    const auto listeners = ListenTogether(300);
    const auto [told, walked] = RowsAtRest(TcpRequest(), {.first = 64});
    CHECK(told.size() > 300);
    CHECK(walked == told);
  });
}

TEST(tcp_tables_of_a_namespace_may_be_its_own_and_small) {
  InNetworkNamespace([] {
    {
      std::ofstream size("/proc/sys/net/ipv4/tcp_child_ehash_entries");
      size << 16 << std::flush;
      if (!size) throw Skip("no net.ipv4.tcp_child_ehash_entries (before Linux 6.1)");
    }
    EnterNamespaces(CLONE_NEWNET, "CLONE_NEWNET");
    LoopbackUp();
    const Scenery scenery;
    const auto [told, walked] = RowsAtRest(TcpRequest(), {.first = 4});
    CHECK(told.size() > 80);
    CHECK(walked == told);
  });
}

TEST(tcp_tables_may_be_empty_and_have_no_socket_that_is_bound_alone) {
  InNetworkNamespace([] {
    const UniqueFd bound(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    CHECK_EQ(bind(bound.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    CHECK_EQ(Scanned(std::make_unique<TableTransport>(), TcpRequest()).size(), 0u);
    const Opened listener = OpenInet(AF_INET, SOCK_STREAM);
    CHECK_EQ(Scanned(std::make_unique<TableTransport>(), TcpRequest()).size(), 1u);
  });
}

TEST(tcp_tables_cut_a_bucket_that_is_beyond_all_steps_and_say_so) {
  InNetworkNamespace([] {
    const auto listeners = ListenTogether(300);
    Opened other = OpenInet(AF_INET, SOCK_STREAM);
    ScanRequest request = TcpRequest();
    bool interrupted = false;
    auto transport = std::make_unique<TableTransport>(KernelBpf, TableSteps{.first = 16, .most = 64});
    const auto walked = Scanned(std::move(transport), request, &interrupted);
    CHECK(interrupted);
    CHECK(walked.size() >= 60 && walked.size() <= 70);
    CHECK_EQ(std::count_if(walked.begin(), walked.end(), [&](const Row& row) { return row.local_port == other.port; }), 1);
  });
}

TEST(tcp_tables_refuse_what_they_have_not) {
  TableTransport transport;
  inet_diag_req_v2 body{};
  body.sdiag_family = AF_INET;
  body.sdiag_protocol = IPPROTO_UDP;
  DumpRequest request(SOCK_DIAG_BY_FAMILY, body);
  CHECK_EQ(transport.Send(request.Numbered(1)).code(), Code::kNotSupported);
  CHECK_EQ(transport.Send({}).code(), Code::kNotSupported);
}

TEST(tcp_tables_without_bpf_are_an_error_before_the_first_row) {
  if (!MayUseBpf()) throw Skip("no CAP_BPF and CAP_PERFMON");
  RecordingSink sink;
  const auto refuse = [](int, void*, size_t) -> long {
    errno = EPERM;
    return -1;
  };
  Scan scan(std::make_unique<TableTransport>(refuse), TcpRequest(), &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  CHECK_EQ(sink.rows(), 0u);
  CHECK_EQ(sink.end->error_number(), EPERM);
}

}  // namespace
}  // namespace sockscope
