#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/owners/bpf_program.h"
#include "core/status.h"
#include "core/unique_fd.h"

namespace sockscope {

// bpf(2): a command, its attributes and their size; -1 with errno. A seam for tests.
using BpfCall = long (*)(int command, void* attributes, size_t bytes);
long KernelBpf(int command, void* attributes, size_t bytes);

// Commands of bpf(2) that are used here.
inline constexpr int kBpfMapCreate = 0;
inline constexpr int kBpfProgLoad = 5;
inline constexpr int kBpfObjPin = 6;
inline constexpr int kBpfProgRun = 10;
inline constexpr int kBpfLinkCreate = 28;
inline constexpr int kBpfIterCreate = 33;
// All of them: what is not here does not compile in a call, for a trial has to make each one (core/owners/bpf_trial.h).
inline constexpr int kBpfCommands[] = {kBpfMapCreate, kBpfProgLoad,   kBpfObjPin,
                                       kBpfProgRun,   kBpfLinkCreate, kBpfIterCreate};

// Loads a program for the iterator whose function has this BTF id. kNotSupported where helpers are missing (before
// Linux 5.11).
Status LoadIteratorProgram(BpfCall call, const BpfProgram& program, uint32_t btf_id, UniqueFd* loaded);
// Links the program to its iterator: over all tasks where `pid` is 0; else over the threads of that process (thread
// group), as the reader's pid namespace numbers it. kNotSupported where the kernel knows no such limit (before 6.1).
Status LinkIterator(BpfCall call, int program, uint32_t pid, UniqueFd* link);
// A descriptor to read the link's iterator from its beginning.
Status OpenIterator(BpfCall call, int link, UniqueFd* iterator);
// Loads a program that RunProgram runs. kNotSupported where the kernel knows no such programs, or functions (before
// Linux 6.4).
Status LoadRunProgram(BpfCall call, const BpfProgram& program, UniqueFd* loaded);
// Runs it once, on this thread. `context` is what it is given, and what it has left there afterwards.
Status RunProgram(BpfCall call, int program, void* context, size_t bytes);
// Memory of the kernel's that programs write and that may be mapped: an array of one element.
Status CreateMemory(BpfCall call, uint32_t bytes, UniqueFd* memory);
// Makes the object a file at `path`, in a bpffs: mode 0600, whatever the umask leaves of it. EEXIST where one is.
Status PinObject(BpfCall call, int object, const std::string& path);

}  // namespace sockscope
