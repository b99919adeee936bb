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
    if (!batch_) batch_ = Blank();
    batch_->Append(row_);
    if (!batch_->full()) continue;
    if (const Status taken = Flush(); !taken.ok()) return taken;
  }
  return Status::Ok();
}

std::unique_ptr<Batch> RowWriter::Blank() {
  if (rows_ == 0) return std::make_unique<Batch>(columns_, kFirstBatchRows);
  if (std::unique_ptr<Batch> used = sink_->GiveBack()) {
    used->Clear();
    return used;
  }
  return std::make_unique<Batch>(columns_, kBatchRows);
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
