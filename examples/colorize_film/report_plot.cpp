#include "examples/colorize_film/report_plot.h"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace colorize_film {
namespace {

constexpr int kColumns = 600;                    // most points of a line
constexpr int kWidth = 900, kPanel = 130;        // of the picture, of each of its two panels
constexpr int kLeft = 40, kTop = 18, kGap = 34;  // around them
constexpr int kInside = kWidth - kLeft - 10;

// The means of neighbouring frames.
struct Column {
  double x = 0;  // 0 to 1
  double cb = 0, cr = 0, flicker = 0, kept = 0;
};

std::vector<Column> columns_of(const std::vector<FrameMeasure>& frames) {
  const size_t count = std::min<size_t>(kColumns, frames.size());
  const GstClockTime first = frames.front().time;
  const double length = std::max(1.0, static_cast<double>(frames.back().time - first));
  std::vector<Column> columns(count);
  for (size_t i = 0; i < count; ++i) {
    const size_t begin = i * frames.size() / count;
    const size_t end = (i + 1) * frames.size() / count;
    Column& column = columns[i];
    for (size_t j = begin; j < end; ++j) {
      const double share = 1.0 / static_cast<double>(end - begin);
      column.x += share * static_cast<double>(frames[j].time - first) / length;
      column.cb += share * frames[j].cb;
      column.cr += share * frames[j].cr;
      column.flicker += share * frames[j].flicker;
      column.kept += frames[j].is_kept ? share : 0;
    }
  }
  return columns;
}

std::string number(double value) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_formatd(text, sizeof(text), "%.1f", value);
}

class Panel {
 public:
  Panel(int index, double low, double high)
      : top_(kTop + index * (kPanel + kGap)), low_(low), high_(high) {}

  std::string x(double share) const { return number(kLeft + share * kInside); }
  std::string y(double value) const {
    return number(top_ + kPanel * (high_ - value) / (high_ - low_));
  }
  int top() const { return top_; }

  void frame(std::ostream& svg, const char* title) const {
    svg << "<rect x=" << kLeft << " y=" << top_ << " width=" << kInside << " height=" << kPanel
        << " fill=none stroke=#ccc /><text x=" << kLeft << " y=" << top_ - 5 << ">" << title
        << "</text>";
    for (const double value : {low_, high_})
      svg << "<text x=" << kLeft - 4 << " y=" << y(value) << " dy=4 text-anchor=end>"
          << number(value) << "</text>";
  }

  void line(std::ostream& svg, const std::vector<Column>& columns, double Column::*value,
            const char* colour) const {
    svg << "<polyline fill=none stroke=" << colour << " points=\"";
    for (const Column& column : columns) svg << x(column.x) << ',' << y(column.*value) << ' ';
    svg << "\"/>";
  }

 private:
  int top_;
  double low_, high_;
};

// What lies within a point of another tick is left out.
void write_cuts(std::ostream& svg, const std::vector<Shot>& shots, GstClockTime first,
                GstClockTime last, const Panel& panel) {
  const double length = std::max(1.0, static_cast<double>(last - first));
  double drawn = 0;
  svg << "<path stroke=#888 d=\"";
  for (size_t i = 1; i < shots.size(); ++i) {
    const double share = static_cast<double>(shots[i].start - first) / length;
    if ((share - drawn) * kInside < 1) continue;
    drawn = share;
    svg << 'M' << panel.x(share) << ' ' << panel.top() + kPanel << "v6";
  }
  svg << "\"/>";
}

}  // namespace

std::string report_plot(const std::vector<Shot>& shots, const std::vector<FrameMeasure>& frames) {
  if (frames.empty()) return {};
  const auto columns = columns_of(frames);
  double colour = 8;
  double flicker = 1;
  for (const Column& column : columns) {
    colour = std::max({colour, std::abs(column.cb), std::abs(column.cr)});
    flicker = std::max(flicker, column.flicker);
  }
  const Panel above(0, -std::ceil(colour), std::ceil(colour));
  const Panel below(1, 0, std::ceil(flicker));
  std::ostringstream svg;
  svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << kWidth << ' '
      << 2 * (kPanel + kGap)
      << "\" font-size=11 role=img aria-label=\"colour and flicker over "
         "time\">";
  for (const Column& column : columns)
    if (column.kept >= 0.5)
      svg << "<rect x=" << above.x(column.x) << " y=" << above.top() << " width="
          << number(
                 std::max(1.0, static_cast<double>(kInside) / static_cast<double>(columns.size())))
          << " height=" << kPanel << " fill=#ddd />";
  above.frame(svg, "Colour: <tspan fill=#2563c9>Cb</tspan>, <tspan fill=#c9342f>Cr</tspan>");
  above.line(svg, columns, &Column::cb, "#2563c9");
  above.line(svg, columns, &Column::cr, "#c9342f");
  below.frame(svg, "Flicker");
  below.line(svg, columns, &Column::flicker, "#555");
  write_cuts(svg, shots, frames.front().time, frames.back().time, above);
  svg << "</svg>\n";
  return svg.str();
}

}  // namespace colorize_film
