#include "core/row_writer.h"

#include <utility>

#include "core/netlink/dump.h"

namespace sockscope {

namespace {

constexpr size_t kFirstBatchRows = 1024;

}  // namespace

Status RowWriter::Write(std::span<const uint8_t> datagram, uint32_t sequence) {
  MessageWalk walk(datagram);
  for (Message message; walk.Next(&message);) {
    if (!IsRowOf(sequence, message)) continue;
    const auto outcome = decoder_->Decode(message, &row_);
    if (outcome == Decoder::Outcome::kMalformed) ++malformed_;
    if (outcome != Decoder::Outcome::kRow) continue;
    if (!seen_.Insert(row_.cookie64())) {
      ++duplicates_;
      continue;
    }
    Append(row_);
    if (!batch_->full()) continue;
    if (const Status taken = Flush(); !taken.ok()) return taken;
  }
  return Status::Ok();
}

void RowWriter::Append(const SocketRow& row) {
  if (!batch_) batch_ = std::make_unique<Batch>(columns_, rows_ == 0 ? kFirstBatchRows : kBatchRows);
  batch_->Append(row);
}

Status RowWriter::Flush() {
  if (!batch_) return Status::Ok();
  rows_ += batch_->rows();
  return sink_->OnBatch(std::move(batch_));
}

void RowWriter::Release() {
  batch_.reset();
  seen_.Clear();
}

}  // namespace sockscope
