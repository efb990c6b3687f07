using System.Globalization;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Gaps;

/// <summary>Says of each gap of a track where it is, how long, and what was done.</summary>
internal sealed class GapReport(Track track, ICollection<PackagingWarning> warnings)
{
    /// <summary>More than this nobody reads one by one.</summary>
    private const int Most = 20;

    private readonly Dictionary<string, (int Count, long Length)> _rest = [];
    private int _told;

    /// <param name="decision">Goes on behind "N s of media are missing at M s; ".</param>
    public void Add(string code, Gap gap, string decision)
    {
        if (_told++ < Most)
        {
            Warn(code, $"{Seconds(gap.Length)} s of media are missing at {Seconds(PresentationOf(gap))} s; {decision}.");
            return;
        }

        (int count, long length) = _rest.TryGetValue(code, out (int Count, long Length) before) ? before : (0, 0);
        _rest[code] = (count + 1, length + gap.Length);
    }

    /// <summary>Adds up what was too much to be told one by one.</summary>
    public void Finish()
    {
        foreach (KeyValuePair<string, (int Count, long Length)> rest in _rest)
        {
            string what = rest.Key == "GapFilled" ? "filled" : "left to players to jump over";
            Warn(rest.Key, $"{rest.Value.Count} more gaps of {Seconds(rest.Value.Length)} s in all were {what}.");
        }
    }

    private void Warn(string code, string message) =>
        warnings.Add(new PackagingWarning(code, $"{track.Kind} track '{track.Name}': {message}", track.SourceFile));

    private long PresentationOf(Gap gap) => track.ToPresentationTime(gap.Start + track.Samples.GetCursor(gap.Sample).CompositionOffset);

    private string Seconds(long ticks) => ((decimal)ticks / track.Timescale).ToString("0.000", CultureInfo.InvariantCulture);
}
