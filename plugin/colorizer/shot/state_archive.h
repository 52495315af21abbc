#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan {

/// What the frames so far say of the next one, as bytes: the same calls write them and read them
/// back, so that the two cannot come apart. Bytes are of this version of the program, size of
/// picture and kind of processor; whoever keeps them sees to that. Thread-safety: one thread.
class StateArchive {
 public:
  /// Appends to `bytes`, which must outlive it.
  static StateArchive writer(std::vector<uint8_t>& bytes) {
    return StateArchive(&bytes, nullptr, 0);
  }
  /// Reads, from bytes that must outlive it.
  static StateArchive reader(const void* bytes, size_t size) {
    return StateArchive(nullptr, static_cast<const uint8_t*>(bytes), size);
  }

  bool is_writer() const { return to_ != nullptr; }
  /// Whether all has been read.
  bool is_at_end() const { return left_ == 0; }

  /// A number. @throws ColorizerError (CGAN_ERROR_FRAME) where the bytes end before it
  template <typename Number>
  void number(Number& value) {
    static_assert(std::is_arithmetic_v<Number>);
    run(&value, sizeof value);
  }
  void flag(bool& value) {
    uint8_t code = value ? 1 : 0;
    number(code);
    if (code > 1) refuse();
    value = code == 1;
  }
  /// As many numbers as there are places. @throws as number()
  template <typename Number>
  void plane(std::vector<Number>& values) {
    run(values.data(), values.size() * sizeof(Number));
  }
  /// A number that must be the same in reading. @throws ColorizerError (CGAN_ERROR_FRAME)
  template <typename Number>
  void same(Number wanted) {
    Number found = wanted;
    number(found);
    if (found != wanted) refuse();
  }

  [[noreturn]] static void refuse() {
    throw ColorizerError(CGAN_ERROR_FRAME,
                         "The state is not one of this stream; begin without it.");
  }

 private:
  StateArchive(std::vector<uint8_t>* to, const uint8_t* from, size_t left)
      : to_(to), from_(from), left_(left) {}

  void run(void* data, size_t size) {
    if (size == 0) return;
    if (is_writer()) {
      const auto* const bytes = static_cast<const uint8_t*>(data);
      to_->insert(to_->end(), bytes, bytes + size);
      return;
    }
    if (size > left_) refuse();
    std::memcpy(data, from_, size);
    from_ += size;
    left_ -= size;
  }

  std::vector<uint8_t>* to_;
  const uint8_t* from_;
  size_t left_;
};

}  // namespace cgan
