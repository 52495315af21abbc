#pragma once

#include <c10/core/Device.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/weights/weights.h"
#include "training/data/batches.h"
#include "training/data/dataset.h"
#include "training/losses/adversarial.h"
#include "training/recipe/adam.h"
#include "training/recipe/objective.h"
#include "training/recipe/recipe.h"
#include "training/recipe/spectral_norm.h"
#include "training/recipe/step_losses.h"
#include "training/recipe/trained_networks.h"
#include "training/recipe/training_batches.h"
#include "training/recipe/worker_team.h"

namespace cgan {

/// A loss is infinite or not a number: training cannot go on from here.
class NotFinite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The conditional GAN in training: generator and discriminator, one alternating step at a time.
///
/// A step: G colours the batch once; D learns from the originals and from these pictures
/// (detached); then G learns from its loss with the D just updated. Each worker does this for its
/// share of the batch with replicas that share the parameters; gradients are added, and the running
/// statistics of D's batch norm averaged, in the order of the workers. So the weights after n steps
/// depend on recipe, data, number of workers and LibTorch only: the same bits every time. (A CUDA
/// device adds in an order of its own: there the last bits differ from run to run.)
/// Batch norm normalises over a worker's share ("ghost batch norm", Hoffer et al. 2017), and the
/// spread of reverse training is taken over it.
/// Thread-safety: one thread at a time, the one that made it.
class Trainer {
 public:
  /// @param data training pictures; must outlive the trainer
  /// @param device CPU, or a CUDA device, which works with a single worker
  /// @param files of networks that the recipe asks for
  /// @throws std::invalid_argument where recipe, data and device do not fit together.
  Trainer(const Recipe& recipe, const Dataset& data, c10::Device device,
          const NetworkFiles& files = {});
  ~Trainer();

  /// One step of D and one of G.
  /// @throws NotFinite before the network whose loss it is has been changed.
  StepLosses step();

  const Recipe& recipe() const { return recipe_; }  ///< `workers` is resolved, not 0.
  c10::Device device() const { return device_; }
  int64_t steps_done() const { return steps_done_; }
  /// Whole batches in the training set; the rest of an epoch's order is left out.
  int64_t steps_per_epoch() const { return batches_->per_epoch(); }

  /// Measures the batch norm statistics of the averaged generator over many batches, old film and
  /// all, but without dropout, and has it use them from here on. Those gathered while training are
  /// of other weights and of a variance that dropout made ("precise batch norm", Wu and Johnson
  /// 2021, arXiv:2105.07576). To be called before it is judged or exported; the result depends on
  /// recipe, data and averaged weights only.
  void settle_statistics();

  /// The averaged generator in evaluation mode, on device(). Its statistics are those of
  /// settle_statistics().
  TrainedGenerator& averaged_generator() const { return *average_; }
  /// The networks that are trained, replica of worker 0, in training mode; the generator's running
  /// statistics are those of this replica alone.
  TrainedGenerator& generator() const { return *workers_[0].generator; }
  TrainedDiscriminator& discriminator() const { return *workers_[0].discriminator; }

  /// Everything that the next step depends on, as a file of weights without provenance.
  Weights state() const;
  /// Goes on from a state: the steps that follow are those of the run that was saved, bit by bit.
  /// @throws std::invalid_argument where the state is of other networks or data.
  void restore(const Weights& state);

  /// The averaged generator and the discriminator (spectral norm worked in) as the plugin and the
  /// measuring programs read them. @param provenance JSON object as text
  Weights generator_weights(const std::string& provenance) const;
  Weights discriminator_weights(const std::string& provenance) const;
  /// Starts from trained weights, with fresh moments; a generator also from its encoder's alone.
  /// @throws ModelFileError (kInvalid) where they do not fit.
  void start_from_generator(const Weights& weights);
  void start_from_discriminator(const Weights& weights);

 private:
  struct Worker {
    std::unique_ptr<TrainedGenerator> generator;
    std::unique_ptr<TrainedDiscriminator> discriminator;
    std::unique_ptr<Objective> objective;
    torch::nn::Linear class_head{nullptr};
    int64_t first = 0, count = 0;  ///< its share of the batch
    // Of the step at hand, from one phase to the next:
    at::Tensor luma;         ///< (n, 1, h, w), at the scale of the generator's pictures
    ColouredBatch coloured;  ///< with graph
    torch::Tensor d_loss;    ///< with graph
    Adam::Gradients gradients;
    StepLosses losses;
  };

  void set_encoder_rate(double progress);
  void make_workers(const NetworkFiles& files);
  void forward(Worker& worker, bool plays);
  void colour(Worker& worker, const Batch& batch);
  void judge(Worker& worker);
  void discriminator_gradients(Worker& worker);
  void generator_gradients(Worker& worker, bool plays);
  void update(Adam& adam, double rate, std::vector<at::Tensor> average);
  void gather_discriminator_losses(StepLosses& sum) const;
  void gather_generator_losses(StepLosses& sum) const;
  double ema_decay() const;
  std::vector<torch::nn::Module*> discriminators();
  [[noreturn]] void refuse(const std::string& whose, double loss) const;

  Recipe recipe_;
  const Dataset& data_;
  const c10::Device device_;
  const Adversarial adversarial_;
  const Reverse reverse_;
  WorkerTeam team_;
  std::vector<Worker> workers_;
  std::vector<double> shares_;  ///< of the batch, one per worker
  std::unique_ptr<TrainedGenerator> average_;
  std::unique_ptr<Adam> g_adam_, d_adam_;
  std::unique_ptr<SpectralNorm> spectral_norm_;  ///< null: off
  int64_t steps_done_ = 0;
  /// Made ahead for a CUDA device. Last: what it is making must end before all else does.
  std::unique_ptr<TrainingBatches> batches_;
};

}  // namespace cgan
