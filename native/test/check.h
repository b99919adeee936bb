#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

// The test runner: a test is a function that throws on the first check that fails.
//   TEST(name) { CHECK(condition); CHECK_EQ(actual, expected); }
namespace sockscope::test {

using Body = void (*)();

struct Case {
  const char* file;
  const char* name;
  Body body;
};

std::vector<Case>& Cases();

struct Registration {
  Registration(const char* file, const char* name, Body body) { Cases().push_back({file, name, body}); }
};

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Thrown where the machine lacks what a test needs; the text says what.
struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename T>
auto Printable(const T& value) {
  if constexpr (std::is_enum_v<T>) return static_cast<long long>(value);
  else if constexpr (std::is_integral_v<T> && sizeof(T) == 1) return static_cast<int>(value);
  else return value;
}

template <typename A, typename B>
void CheckEqual(const A& actual, const B& expected, const char* text, int line) {
  if (actual == expected) return;
  std::ostringstream out;
  out << "line " << line << ": " << text << " is " << Printable(actual) << ", expected " << Printable(expected);
  throw Failure(out.str());
}

inline void Check(bool holds, const char* text, int line) {
  if (!holds) throw Failure("line " + std::to_string(line) + ": not so: " + text);
}

}  // namespace sockscope::test

#define TEST(name)                                                                              \
  static void name();                                                                           \
  static const ::sockscope::test::Registration registered_##name(__FILE__, #name, name);        \
  static void name()
#define CHECK(condition) ::sockscope::test::Check((condition), #condition, __LINE__)
#define CHECK_EQ(actual, expected) ::sockscope::test::CheckEqual((actual), (expected), #actual, __LINE__)
