// scan_cost ROWS in-order|scattered|sparse THREADS [CALLS]
// scan_cost kernel THREADS [CALLS]
//
// What a row costs the core: scans so often, and prints for the fastest one {"rows", "ms", "usPerRow"}. The first form
// reads a table that is made up as it is read (the making is in the figure, the same for every number of rows), the
// second one the kernel's TCP sockets. Batches are dropped as they come.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bench/generated_transport.h"
#include "core/netlink/kernel_transport.h"
#include "core/scan.h"

namespace {

using namespace sockscope;

struct CountingSink final : BatchSink {
  Status OnBatch(std::unique_ptr<Batch> batch) override {
    rows += batch->rows();
    return Status::Ok();
  }
  void OnEnd(const Status& status, const ScanTally&) override { end = status; }

  uint64_t rows = 0;
  Status end;
};

ScanRequest AllTcp(int threads) {
  ScanRequest request;
  request.ip_protocol = 6;
  request.inet = request.inet6 = true;
  request.states = 0xfff;
  request.columns = kAllColumns & ~(Bit(Column::kProbes) | Bit(Column::kUnixPeer) | Bit(Column::kUnixRefs) |
                                    Bit(Column::kUnixFlags));
  request.threads = threads;
  return request;
}

int Fail(const char* what) {
  std::fprintf(stderr, "scan_cost: %s\n", what);
  return 1;
}

std::unique_ptr<Transport> Open(int argc, char** argv) {
  if (std::strcmp(argv[1], "kernel") == 0) {
    Status status;
    return KernelTransport::Open(&status);
  }
  if (argc < 4) return nullptr;
  using bench::Cookies;
  const char* order = argv[2];
  const Cookies cookies = std::strcmp(order, "scattered") == 0 ? Cookies::kScattered
                          : std::strcmp(order, "sparse") == 0  ? Cookies::kSparse
                                                               : Cookies::kInOrder;
  return std::make_unique<bench::GeneratedTransport>(static_cast<uint32_t>(std::atol(argv[1])), cookies);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return Fail("scan_cost ROWS in-order|scattered|sparse THREADS [CALLS] | kernel THREADS [CALLS]");
  const int threads_at = std::strcmp(argv[1], "kernel") == 0 ? 2 : 3;
  const int threads = argc > threads_at ? std::atoi(argv[threads_at]) : 1;
  const int calls = argc > threads_at + 1 ? std::atoi(argv[threads_at + 1]) : 5;
  double best = 1e300;
  uint64_t rows = 0;
  for (int call = 0; call < calls; ++call) {
    std::unique_ptr<Transport> transport = Open(argc, argv);
    if (transport == nullptr) return Fail("no transport");
    CountingSink sink;
    const auto begun = std::chrono::steady_clock::now();
    Scan scan(std::move(transport), AllTcp(threads), &sink);
    if (!scan.Start().ok()) return Fail("the scan did not start");
    scan.Join();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    if (!sink.end.ok()) return Fail(sink.end.operation());
    best = std::min(best, took.count());
    rows = sink.rows;
  }
  std::printf("{\"rows\":%lu,\"ms\":%.3f,\"usPerRow\":%.4f}\n", static_cast<unsigned long>(rows), best,
              best * 1e3 / static_cast<double>(std::max<uint64_t>(rows, 1)));
  return 0;
}
