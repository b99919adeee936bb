#include "napi/host_thread.h"

#include <pthread.h>
#include <sys/resource.h>

#include <cerrno>
#include <memory>
#include <system_error>

// Debian's C library has a newer version of these two, which is the same; see abi_floor.cc.
#if defined(__GLIBC__) && defined(__x86_64__)
__asm__(".symver pthread_create,pthread_create@GLIBC_2.2.5");
__asm__(".symver pthread_attr_setstacksize,pthread_attr_setstacksize@GLIBC_2.2.5");
#elif defined(__GLIBC__) && defined(__aarch64__)
__asm__(".symver pthread_create,pthread_create@GLIBC_2.17");
__asm__(".symver pthread_attr_setstacksize,pthread_attr_setstacksize@GLIBC_2.17");
#endif

namespace sockscope {

namespace {

// As large as a program's own stack, which is what NSS modules, chosen by the system, are written for: some keep more
// than 64 KiB in a frame, and nothing but address space is lost on those that do not. The C library's default would be
// that in glibc, and 128 KiB in musl.
size_t StackBytes() {
  constexpr size_t kUsualBytes = size_t{8} << 20;
  rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUsualBytes;
  return size_t(limit.rlim_cur);
}

void* Run(void* data) noexcept {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(data));
  (*body)();
  return nullptr;
}

int Create(size_t stack_bytes, void* body) {
  pthread_attr_t attributes;
  if (const int error = pthread_attr_init(&attributes); error != 0) return error;
  int error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (error == 0 && stack_bytes != 0) error = pthread_attr_setstacksize(&attributes, stack_bytes);
  pthread_t thread;
  if (error == 0) error = pthread_create(&thread, &attributes, Run, body);
  pthread_attr_destroy(&attributes);
  return error;
}

}  // namespace

void StartHostThread(std::function<void()> body) {
  auto held = std::make_unique<std::function<void()>>(std::move(body));
  int error = Create(StackBytes(), held.get());
  if (error == EINVAL) error = Create(0, held.get());   // a limit below what a thread needs
  if (error != 0) throw std::system_error(error, std::generic_category());
  held.release();   // the thread's
}

}  // namespace sockscope
