#include "core/columns.h"

#include <cstring>

#include "core/socket_row.h"

namespace sockscope {

const ColumnSpec kColumnSpecs[kColumnCount] = {
    {"protocol", 1}, {"family", 1}, {"state", 1}, {"timer", 1}, {"retrans", 1}, {"probes", 1},
    {"expiresMs", 4}, {"localAddress", 16}, {"remoteAddress", 16},
    {"localPort", 2}, {"remotePort", 2}, {"ifindex", 4},
    {"recvQ", 4}, {"sendQ", 4}, {"uid", 4}, {"inode", 4}, {"cookie", 8}, {"path", 4},
    {"unixType", 1}, {"unixPeer", 4}, {"unixRefs", 4}, {"unixFlags", 4},
};

namespace {

constexpr size_t kPath = static_cast<size_t>(Column::kPath);
// Columns of full batches are powers of two long: without a gap all of them would compete for the same cache sets.
constexpr size_t kColumnGap = 320;

constexpr size_t Align8(size_t offset) { return (offset + 7) & ~size_t{7}; }
constexpr size_t ValuesOf(size_t column, size_t rows) { return column == kPath ? rows + 1 : rows; }
constexpr bool Carries(ColumnSet columns, size_t column) { return (columns >> column & 1) != 0; }

}  // namespace

Layout LayoutOf(size_t rows, ColumnSet columns, size_t heap_bytes) {
  Layout layout;
  size_t end = 0;
  for (size_t column = 0; column < kColumnCount; ++column) {
    layout.offsets[column] = Layout::kNotCarried;
    if (!Carries(columns, column)) continue;
    layout.offsets[column] = end;
    end = Align8(end + ValuesOf(column, rows) * kColumnSpecs[column].width);
  }
  layout.heap_offset = end;
  layout.byte_length = end + heap_bytes;
  return layout;
}

Batch::Batch(ColumnSet columns, size_t capacity) : columns_(columns & kAllColumns), capacity_(capacity), base_{} {
  const Layout layout = LayoutOf(capacity, columns_, 0);
  storage_.reset(new uint8_t[layout.byte_length + kColumnCount * kColumnGap]);
  for (size_t column = 0; column < kColumnCount; ++column) {
    if (layout.offsets[column] == Layout::kNotCarried) continue;
    base_[column] = storage_.get() + layout.offsets[column] + column * kColumnGap;
  }
  if (base_[kPath] != nullptr) std::memset(base_[kPath], 0, sizeof(uint32_t));
}

void Batch::Clear() {
  rows_ = 0;
  heap_.clear();
}

template <typename T>
inline void Batch::Store(Column column, T value) {
  StoreBytes(column, &value, sizeof(T));
}

inline void Batch::StoreBytes(Column column, const void* bytes, size_t width) {
  uint8_t* base = base_[static_cast<size_t>(column)];
  if (base != nullptr) std::memcpy(base + rows_ * width, bytes, width);
}

void Batch::Append(const SocketRow& row) {
  if (uint8_t* offsets = base_[kPath]) {
    heap_.insert(heap_.end(), row.path.begin(), row.path.end());
    const uint32_t end = static_cast<uint32_t>(heap_.size());
    std::memcpy(offsets + (rows_ + 1) * sizeof(end), &end, sizeof(end));
  }
  Store(Column::kProtocol, row.protocol);
  Store(Column::kFamily, row.family);
  Store(Column::kState, row.state);
  Store(Column::kTimer, row.timer);
  Store(Column::kRetrans, row.retrans);
  Store(Column::kProbes, row.probes);
  Store(Column::kExpiresMs, row.expires_ms);
  StoreBytes(Column::kLocalAddress, row.local_address, 16);
  StoreBytes(Column::kRemoteAddress, row.remote_address, 16);
  Store(Column::kLocalPort, row.local_port);
  Store(Column::kRemotePort, row.remote_port);
  Store(Column::kIfindex, row.ifindex);
  Store(Column::kRecvQ, row.recv_q);
  Store(Column::kSendQ, row.send_q);
  Store(Column::kUid, row.uid);
  Store(Column::kInode, row.inode);
  StoreBytes(Column::kCookie, row.cookie, 8);
  Store(Column::kUnixType, row.unix_type);
  Store(Column::kUnixPeer, row.unix_peer);
  Store(Column::kUnixRefs, row.unix_refs);
  Store(Column::kUnixFlags, row.unix_flags);
  ++rows_;
}

size_t Batch::ByteLength() const { return LayoutOf(rows_, columns_, heap_.size()).byte_length; }

void Batch::CopyTo(uint8_t* out) const {
  size_t end = 0;
  for (size_t column = 0; column < kColumnCount; ++column) {
    if (base_[column] == nullptr) continue;
    const size_t bytes = ValuesOf(column, rows_) * kColumnSpecs[column].width;
    std::memcpy(out + end, base_[column], bytes);
    const size_t aligned = Align8(end + bytes);
    std::memset(out + end + bytes, 0, aligned - end - bytes);
    end = aligned;
  }
  if (!heap_.empty()) std::memcpy(out + end, heap_.data(), heap_.size());
}

}  // namespace sockscope
