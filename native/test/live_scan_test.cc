#include "core/scan.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <linux/inet_diag.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>

#include "core/guard.h"
#include "test/check.h"
#include "test/live_kernel.h"
#include "test/recording_sink.h"

// The kernel of this machine, asked about sockets that the test opened itself.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

uint64_t CookieOf(const UniqueFd& fd) {
  uint64_t cookie = 0;
  socklen_t length = sizeof(cookie);
  CHECK_EQ(getsockopt(fd.get(), SOL_SOCKET, SO_COOKIE, &cookie, &length), 0);
  return cookie;
}

RecordingSink ScanKernel(const ScanRequest& request) {
  RecordingSink sink;
  Scan scan(OpenTransport(), request, &sink);
  CHECK(scan.Start().ok());
  scan.Join();
  return sink;
}

// The row of a socket we hold, over all batches.
size_t RowOf(const RecordingSink& sink, const UniqueFd& fd) {
  const auto cookies = sink.Values<uint64_t>(Column::kCookie);
  const auto found = std::find(cookies.begin(), cookies.end(), CookieOf(fd));
  CHECK(found != cookies.end());
  CHECK_EQ(std::count(found, cookies.end(), *found), 1);
  return static_cast<size_t>(found - cookies.begin());
}

void CheckFound(uint16_t ip_protocol, int family, int type) {
  const Opened opened = OpenInet(family, type);
  for (const int threads : {1, 2}) {
    ScanRequest request = TcpRequest(threads);
    request.ip_protocol = ip_protocol;
    request.columns = kAllColumns;
    const RecordingSink sink = ScanKernel(request);
    if (sink.end->code() == Code::kNotSupported) throw Skip("the kernel has no diag for this protocol");
    CHECK(sink.end->ok());
    CHECK_EQ(sink.tally.malformed, uint64_t{0});
    const size_t row = RowOf(sink, opened.fd);
    CHECK_EQ(sink.Values<uint16_t>(Column::kLocalPort)[row], opened.port);
    CHECK_EQ(sink.Values<uint8_t>(Column::kFamily)[row], family);
    CHECK_EQ(sink.Values<uint8_t>(Column::kState)[row], type == SOCK_STREAM ? 10 : 7);
    CHECK_EQ(sink.Values<uint32_t>(Column::kSendQ)[row], type == SOCK_STREAM ? 7u : 0u);
  }
}

size_t CountEntries(const char* folder) {
  DIR* directory = opendir(folder);
  CHECK(directory != nullptr);
  size_t count = 0;
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

TEST(own_tcp_listener_is_found) { CheckFound(IPPROTO_TCP, AF_INET, SOCK_STREAM); }
TEST(own_tcp6_listener_is_found) { CheckFound(IPPROTO_TCP, AF_INET6, SOCK_STREAM); }
TEST(own_udp_socket_is_found) { CheckFound(IPPROTO_UDP, AF_INET, SOCK_DGRAM); }
TEST(own_udp6_socket_is_found) { CheckFound(IPPROTO_UDP, AF_INET6, SOCK_DGRAM); }

TEST(one_walk_and_two_dumps_give_the_same_socket) {
  const Opened opened = OpenInet(AF_INET, SOCK_DGRAM);
  ScanRequest request = TcpRequest();
  request.ip_protocol = IPPROTO_UDP;
  for (const bool attribute : {true, false}) {
    request.protocol_attribute = attribute && KernelTakesProtocolAttribute();
    const RecordingSink sink = ScanKernel(request);
    CHECK(sink.end->ok());
    (void)RowOf(sink, opened.fd);
  }
}

std::vector<uint8_t> PortProgram(int code, uint16_t port) {
  inet_diag_bc_op program[2]{};
  program[0] = {.code = static_cast<unsigned char>(code), .yes = sizeof(program), .no = sizeof(program) + 4};
  program[1].no = port;
  std::vector<uint8_t> bytes(sizeof(program));
  std::memcpy(bytes.data(), program, sizeof(program));
  return bytes;
}

// Both ends of a connection over loopback, which is reset when it is closed: no TIME_WAIT stays behind.
std::array<UniqueFd, 2> Connect(const Opened& listener) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(listener.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  UniqueFd near(socket(AF_INET, SOCK_STREAM, 0));
  CHECK_EQ(connect(near.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const linger reset{.l_onoff = 1, .l_linger = 0};
  CHECK_EQ(setsockopt(near.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
  UniqueFd far(accept(listener.fd.get(), nullptr, nullptr));
  CHECK(far.valid());
  return {std::move(near), std::move(far)};
}

// Connections that come and go all the while must neither hide nor double those that stay. The two dumps part the table at
// the listener's port: half of the sockets have it, the others have ports of clients.
TEST(table_in_two_dumps_has_each_socket_once_while_others_change) {
  const Opened listener = OpenInet(AF_INET, SOCK_STREAM);
  std::vector<std::array<UniqueFd, 2>> staying;
  for (int count = 0; count < 100; ++count) staying.push_back(Connect(listener));
  const std::jthread changing([&](std::stop_token stop) {
    while (!stop.stop_requested()) (void)Guard([&] { return Connect(listener), Status::Ok(); });
  });
  ScanRequest request = TcpRequest(2);
  request.concurrent_dumps = true;
  for (const bool by_remote : {false, true}) {
    request.halves = {PortProgram(by_remote ? INET_DIAG_BC_D_LE : INET_DIAG_BC_S_LE, listener.port),
                      PortProgram(by_remote ? INET_DIAG_BC_D_GE : INET_DIAG_BC_S_GE, uint16_t(listener.port + 1))};
    for (int times = 0; times < 5; ++times) {
      RecordingSink sink;
      Scan scan(test::OpenTransport(), request, &sink, {}, [] { return test::OpenTransport(); });
      CHECK(scan.Start().ok());
      scan.Join();
      CHECK(sink.end->ok());
      CHECK_EQ(sink.tally.threads, 2);
      (void)RowOf(sink, listener.fd);
      for (const auto& [near, far] : staying) {
        (void)RowOf(sink, near);
        (void)RowOf(sink, far);
      }
    }
  }
}

TEST(states_not_asked_for_are_left_out_by_the_kernel) {
  const Opened opened = OpenInet(AF_INET, SOCK_STREAM);
  ScanRequest request = TcpRequest();
  request.states = 1 << 10;
  const RecordingSink listening = ScanKernel(request);
  for (const uint8_t state : listening.Values<uint8_t>(Column::kState)) CHECK_EQ(state, 10);
  (void)RowOf(listening, opened.fd);
}

TEST(own_unix_listener_is_found_by_its_abstract_name) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = std::string("\0sockscope test ", 16) + std::to_string(getpid());
  std::memcpy(address.sun_path, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  CHECK_EQ(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  CHECK_EQ(listen(fd.get(), 5), 0);
  const RecordingSink sink = ScanKernel(UnixScanRequest(2));
  CHECK(sink.end->ok());
  CHECK_EQ(sink.tally.malformed, uint64_t{0});
  const size_t row = RowOf(sink, fd);
  CHECK_EQ(sink.Values<uint32_t>(Column::kUnixFlags)[row], 0x10000u);
  CHECK_EQ(sink.Values<uint32_t>(Column::kUid)[row], getuid());
  bool named = false;
  for (const auto& batch : sink.batches) {
    Buffer flat(batch->ByteLength());
    batch->CopyTo(flat.data());
    named = named || std::search(flat.begin(), flat.end(), name.begin(), name.end()) != flat.end();
  }
  CHECK(named);
}

// The kernel may or may not have raw_diag: either way the answer is clean.
TEST(raw_sockets_are_dumped_or_cleanly_not_supported) {
  ScanRequest request = TcpRequest();
  request.ip_protocol = IPPROTO_RAW;
  const RecordingSink sink = ScanKernel(request);
  CHECK(sink.end->ok() || sink.end->code() == Code::kNotSupported);
}

TEST(thousand_scans_leave_no_descriptor_and_no_thread) {
  (void)ScanKernel(TcpRequest(2));
  const size_t descriptors = CountEntries("/proc/self/fd");
  const size_t threads = CountEntries("/proc/self/task");
  for (int count = 0; count < 1000; ++count) {
    ScanRequest request = TcpRequest(1 + count % 2);
    request.states = 1 << 10;
    RecordingSink sink;
    Scan scan(OpenTransport(), request, &sink);
    CHECK(scan.Start().ok());
    if (count % 3 == 0) scan.Cancel();
  }
  CHECK_EQ(CountEntries("/proc/self/fd"), descriptors);
  // A thread that was joined may stay listed for a moment.
  for (int count = 0; count < 1000 && CountEntries("/proc/self/task") > threads; ++count) usleep(1000);
  CHECK_EQ(CountEntries("/proc/self/task"), threads);
}

}  // namespace
}  // namespace sockscope
