#include <new>

// What Debian's compiler takes from newer C and C++ libraries than Node itself needs. With these of our own the addon
// loads wherever Node does.

// GLIBC_2.32: lets std::shared_ptr count without atomic instructions while there is one thread. Here there are more.
extern "C" {
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;
}

// GLIBCXX_3.4.29. Other C++ libraries define the function in <new>.
#ifdef __GLIBCXX__
namespace std {
[[noreturn]] __attribute__((visibility("hidden"))) void __throw_bad_array_new_length();
void __throw_bad_array_new_length() { throw std::bad_alloc(); }
}  // namespace std
#endif
