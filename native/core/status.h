#pragma once

#include <cstdint>

namespace sockscope {

// The outcome of an operation, as a value: what was tried, how it failed, what the kernel said.
// Nothing in the core throws across a thread; whoever holds a Status decides what becomes of it.
class [[nodiscard]] Status {
 public:
  enum class Code : uint8_t {
    kOk = 0,
    kSystem,         // a system call failed: errno says how
    kRefused,        // the kernel answered the request with an errno (NLMSG_ERROR, or inside NLMSG_DONE)
    kNotSupported,   // the kernel has no handler for what was asked (its ENOENT): a clean answer
    kTruncated,      // a datagram did not fit the buffer: rows are lost
    kMalformed,      // the stream's framing cannot be followed any further
    kCancelled,      // the caller asked to stop
    kTooLarge,       // more bytes are held than the caller allows
    kNoMemory,
    kNoThread,       // a thread could not be started: errno says why
  };

  Status() = default;
  static Status Ok() { return Status(); }
  // `operation` must be a string literal: it is kept by pointer.
  static Status From(Code code, const char* operation, int error_number = 0) {
    Status status;
    status.code_ = code;
    status.operation_ = operation;
    status.error_number_ = error_number;
    return status;
  }
  static Status FromErrno(const char* operation, int error_number) {
    return From(Code::kSystem, operation, error_number);
  }

  bool ok() const { return code_ == Code::kOk; }
  Code code() const { return code_; }
  const char* operation() const { return operation_; }
  int error_number() const { return error_number_; }

 private:
  Code code_ = Code::kOk;
  int error_number_ = 0;
  const char* operation_ = "";
};

}  // namespace sockscope
