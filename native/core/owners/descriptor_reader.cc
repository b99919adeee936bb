#include "core/owners/descriptor_reader.h"

#include <unistd.h>

#include <cerrno>

#include "core/owners/proc_errno.h"
#include "core/owners/socket_link.h"

namespace sockscope {

DescriptorReader::Seen DescriptorReader::Read(const char* name, uint32_t fd) {
  char link[kSocketLinkBytes];
  const ssize_t length = readlinkat(directory_, name, link, sizeof(link));
  if (length < 0) {
    if (IsGone(errno)) return Seen::kNone;
    if (IsDenied(errno)) return Seen::kDenied;
    if (IsExhausted(errno)) {
      status_ = Status::FromErrno("readlink /proc/<pid>/fd", errno);
      return Seen::kFailed;
    }
  }
  ++list_->tally.descriptors;
  // A text that fills the buffer may be a part of a longer one.
  if (length <= 0 || length == sizeof(link)) return Seen::kOpen;
  const auto inode = SocketInodeOf({link, static_cast<size_t>(length)});
  if (inode) status_ = Add(*inode, fd);
  return status_.ok() ? Seen::kOpen : Seen::kFailed;
}

Status DescriptorReader::Add(uint32_t inode, uint32_t fd) {
  if (!begun_ && list_->Wants(inode)) {
    uint32_t start;
    if (const Status read = process_.ReadStartTicks(&start); !read.ok()) return read;
    list_->BeginProcess(process_.pid(), start);
    begun_ = true;
  }
  list_->Add(inode, fd);
  return Status::Ok();
}

}  // namespace sockscope
