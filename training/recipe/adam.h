#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace cgan {

/// Numbers of Adam (Kingma and Ba, ICLR 2015).
struct AdamOptions {
  double beta1 = 0.9, beta2 = 0.999;  ///< 0 <= beta < 1
  double epsilon = 1e-8;              ///< > 0
  /// Share of rate * parameter that each step takes away, whatever the gradient ("AdamW",
  /// Loshchilov and Hutter, ICLR 2019); >= 0.
  double weight_decay = 0;
};

/// Adam over the parameters of one network, with the sum of the workers' gradients and the moving
/// average of the weights in the same pass: torch::optim::Adam goes over the memory about ten
/// times a step, which for five million numbers costs a good part of a training step.
/// Gives the numbers of torch::optim::AdamW, up to rounding.
/// Thread-safety: `update` may run for different parts at the same time, `in_parameter_order` at
/// any time; everything else one thread at a time.
class Adam {
 public:
  /// What one worker adds to a step.
  struct Gradients {
    std::vector<at::Tensor> of;  ///< one per parameter, from in_parameter_order
    double weight;               ///< factor of these gradients in the sum
  };

  /// @param parameters float32, all on one device, without holes in memory; changed in place
  /// @throws std::invalid_argument where a parameter is not like that.
  Adam(const std::vector<at::Tensor>& parameters, const AdamOptions& options);

  /// Brings gradients into the memory format of their parameters; copies only where they differ.
  /// @param gradients one per parameter; undefined where the loss does not depend on it: zero, or
  ///   undefined where the parameter rests
  std::vector<at::Tensor> in_parameter_order(std::vector<at::Tensor> gradients) const;

  /// Factor of the learning rate of each parameter from the next step on; 1 at first. Parameters
  /// of factor 0 rest: neither they nor their moments move.
  /// @pre one per parameter, >= 0
  void set_rate_factors(std::vector<double> factors) { rate_factors_ = std::move(factors); }

  /// Begins the next step. The gradients are added in the order given.
  /// @param average shadows of the parameters, which move towards them by 1 - decay; empty: none
  void begin(std::vector<Gradients> gradients, double learning_rate,
             std::vector<at::Tensor> average, double decay);
  /// Does part `part` of `parts` equal parts of the step that was begun; off the CPU all of it is
  /// done by part 0.
  void update(int64_t part, int64_t parts);
  /// Ends the step and lets go of the gradients.
  void end();

  /// Steps that each parameter has moved.
  const std::vector<int64_t>& steps() const { return steps_; }
  /// Goes on after `steps` steps; the moments are set through the tensors below.
  /// @pre one per parameter, >= 0
  void set_steps(std::vector<int64_t> steps) { steps_ = std::move(steps); }
  /// Moments, for checkpoints: number i belongs to parameter i. Shared, not copied.
  const std::vector<at::Tensor>& first_moments() const { return m_; }
  const std::vector<at::Tensor>& second_moments() const { return v_; }

 private:
  void update_on_cpu(size_t parameter, int64_t first, int64_t last);
  void update_on_device();

  std::vector<at::Tensor> parameters_, m_, v_;
  std::vector<double> rate_factors_;
  AdamOptions options_;
  std::vector<int64_t> steps_;
  std::vector<Gradients> gradients_;  ///< of the step that was begun
  std::vector<at::Tensor> average_;   ///< of the step that was begun
  double learning_rate_ = 0, decay_ = 0;
};

}  // namespace cgan
