#include "core/owners/bpf_fs.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace sockscope {

namespace {

using Code = Status::Code;

constexpr uint32_t kMagic = 0xcafe4a11;   // BPF_FS_MAGIC

// kNotSupported where the directory is there and of another filesystem.
Status CheckBpfFs(const std::string& directory) {
  struct statfs about;
  if (statfs(directory.c_str(), &about) != 0) return Status::FromErrno("statfs", errno);
  if (static_cast<uint32_t>(about.f_type) == kMagic) return Status::Ok();
  return Status::From(Code::kNotSupported, "find a bpffs at the directory");
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

bool IsOnBpfFs(int fd) {
  struct statfs about;
  return fstatfs(fd, &about) == 0 && static_cast<uint32_t>(about.f_type) == kMagic;
}

Status PinForGroup(BpfCall call, int object, const std::string& path, uint32_t gid) {
  if (Status status = CheckBpfFs(DirectoryOf(path)); !status.ok()) return status;
  const std::string fresh = path + "-" + std::to_string(getpid());   // bpffs takes no dot
  unlink(fresh.c_str());   // of one that was killed, with the same pid
  if (Status status = PinObject(call, object, fresh); !status.ok()) return status;
  const char* failed = nullptr;
  if (lchown(fresh.c_str(), 0, gid) != 0) failed = "chown";
  else if (chmod(fresh.c_str(), 0440) != 0) failed = "chmod";
  else if (std::rename(fresh.c_str(), path.c_str()) != 0) failed = "rename";
  if (failed == nullptr) return Status::Ok();
  const Status status = Status::FromErrno(failed, errno);
  unlink(fresh.c_str());
  return status;
}

Status MountBpfFs(const std::string& directory) {
  const Status there = CheckBpfFs(directory);
  if (there.code() != Code::kNotSupported) return there;
  if (mount("sockscope", directory.c_str(), "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755") == 0) {
    return Status::Ok();
  }
  return Status::FromErrno("mount bpffs", errno);
}

Status UnmountBpfFs(const std::string& directory) {
  const Status there = CheckBpfFs(directory);
  if (there.code() == Code::kNotSupported || there.error_number() == ENOENT) return Status::Ok();
  if (!there.ok()) return there;
  if (umount2(directory.c_str(), UMOUNT_NOFOLLOW) == 0) return Status::Ok();
  // EINVAL: a directory of a bpffs, and no mount.
  return errno == EINVAL ? Status::Ok() : Status::FromErrno("umount bpffs", errno);
}

}  // namespace sockscope
