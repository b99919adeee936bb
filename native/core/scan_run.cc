#include "core/scan_run.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>
#include <vector>

#include "core/diag/unix.h"
#include "core/guard.h"

namespace sockscope {

namespace {

using Code = Status::Code;

std::unique_ptr<Decoder> DecoderFor(const ScanRequest& request) {
  if (request.kind == ScanRequest::Kind::kUnix) return std::make_unique<UnixDecoder>();
  return std::make_unique<InetDecoder>(InetQueryOf(request));
}

bool OneWalkWillDo(const ScanRequest& request) {
  if (!request.inet || !request.inet6 || request.ip_protocol == IPPROTO_RAW) return false;
  return request.ip_protocol == IPPROTO_TCP || request.protocol_attribute;
}

bool IsKernelsNo(const Status& status) {
  return status.code() == Code::kRefused || status.code() == Code::kNotSupported;
}

}  // namespace

InetQuery InetQueryOf(const ScanRequest& request) {
  return {.ip_protocol = request.ip_protocol, .inet = request.inet, .inet6 = request.inet6,
          .states = request.states, .columns = request.columns, .bytecode = request.bytecode};
}

ScanRun::ScanRun(std::unique_ptr<Transport> transport, const ScanRequest& request, BatchSink* sink)
    : request_(request),
      inet_(InetQueryOf(request)),
      transport_(std::move(transport)),
      sink_(sink),
      queue_(request.max_bytes, transport_->MayPause() ? ChunkQueue::WhenFull::kWait : ChunkQueue::WhenFull::kFail),
      writer_(DecoderFor(request), request.columns, sink) {}

void ScanRun::Cancel() {
  queue_.Abort();
  transport_->Cancel();
}

void ScanRun::Execute(const StartThread& start_thread) noexcept {
  Status status;
  RunAt(request_.priority, start_thread,
        [&] { status = Guard([&] { return ReceiveAndDecode(start_thread); }); });
  (void)Guard([&] {
    sink_->OnEnd(status, Tally());
    return Status::Ok();
  });
}

Status ScanRun::ReceiveAndDecode(const StartThread& start_thread) {
  std::thread decoder;
  if (request_.threads > 1) {
    // Refused: this thread does both.
    (void)StartInto(&decoder, start_thread, [this] { DecodeQueue(); });
  }
  threads_ = decoder.joinable() ? 2 : 1;
  const Status received = Guard([&] {
    return request_.kind == ScanRequest::Kind::kUnix ? ReceiveDump(UnixRequest(request_.states, request_.columns))
                                                     : ReceiveInet();
  });
  const bool keep = received.code() != Code::kCancelled && received.code() != Code::kTooLarge &&
                    received.code() != Code::kNoMemory;
  if (decoder.joinable()) {
    keep ? queue_.Close() : queue_.Abort();
    decoder.join();
  } else if (keep) {
    decoded_ = writer_.Flush();
  }
  // Here, before anybody is told of the end: whoever destroys the scan may be a thread that must not be kept long.
  queue_.Release();
  writer_.Release();
  return Outcome(received);
}

// A failing decoder stops the receiver by cancelling it, and a failing receiver the decoder: the cause is whichever
// was not cancelled.
Status ScanRun::Outcome(const Status& received) const {
  if (decoded_.ok()) return received;
  return received.ok() || received.code() == Code::kCancelled ? decoded_ : received;
}

ScanTally ScanRun::Tally() const {
  return {.rows = writer_.rows(), .bytes = dump_tally_.bytes, .malformed = writer_.malformed(),
          .duplicates = writer_.duplicates(), .foreign = dump_tally_.foreign, .stale = dump_tally_.stale,
          .interrupted = dump_tally_.interrupted, .threads = threads_};
}

Status ScanRun::ReceiveInet() {
  if (!OneWalkWillDo(request_)) return ReceiveByFamily();
  const Status walked = ReceiveDump(OneWalkRequest(inet_));
  return IsKernelsNo(walked) && !answered_ ? ReceiveByFamily() : walked;
}

Status ScanRun::ReceiveByFamily() {
  Status outcome = Status::From(Code::kNotSupported, "families", EAFNOSUPPORT);
  bool supported = false;
  for (const uint8_t family : {AF_INET, AF_INET6}) {
    if (!(family == AF_INET ? request_.inet : request_.inet6)) continue;
    const Status received = ReceiveDump(FamilyRequest(inet_, family));
    if (!received.ok() && received.code() != Code::kNotSupported) return received;
    supported = supported || received.ok();
    if (!supported) outcome = received;
  }
  return supported ? Status::Ok() : outcome;
}

Status ScanRun::ReceiveDump(DumpRequest request) {
  Dump dump(transport_.get(), ++sequence_, &dump_tally_);
  if (const Status sent = dump.Start(&request); !sent.ok()) return sent;
  while (!dump.ended()) {
    Chunk chunk = queue_.Blank();
    chunk.sequence = sequence_;
    const Status received = dump.Next(chunk.space(), &chunk.length);
    if (chunk.length > 0) {
      answered_ = true;
      if (const Status accepted = Accept(std::move(chunk)); !accepted.ok()) return accepted;
    }
    if (!received.ok()) return received;
  }
  return Status::Ok();
}

Status ScanRun::Accept(Chunk chunk) {
  if (threads_ > 1) return queue_.Push(std::move(chunk));
  if (queue_.aborted()) return Status::From(Code::kCancelled, "scan");
  const Status written = writer_.Write(chunk.datagram(), chunk.sequence);
  queue_.GiveBack(std::move(chunk));
  return written;
}

void ScanRun::DecodeQueue() noexcept {
  decoded_ = Guard([this] { return DecodeChunks(); });
  if (!decoded_.ok()) Cancel();
}

Status ScanRun::DecodeChunks() {
  std::vector<Chunk> chunks;
  while (queue_.Take(&chunks)) {
    for (const Chunk& chunk : chunks) {
      if (queue_.aborted()) break;
      if (const Status written = writer_.Write(chunk.datagram(), chunk.sequence); !written.ok()) return written;
    }
  }
  if (queue_.aborted()) return Status::From(Code::kCancelled, "scan");
  return writer_.Flush();
}

}  // namespace sockscope
