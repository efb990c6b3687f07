using System.Text;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Text.Ttml;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// TTML as a track of samples (IMSC1 in CMAF, ISO/IEC 14496-30 5, ISO/IEC 23000-19 11.3): a document for each stretch of time, empty where the
/// source has none. It says more than WebVTT can of colours and places, for players that know it.
/// </summary>
internal static class ImscTracks
{
    private const string Namespace = "http://www.w3.org/ns/ttml";

    private static readonly byte[] Empty = Encoding.UTF8.GetBytes($"<tt xmlns=\"{Namespace}\" xml:lang=\"\" />");

    /// <param name="shift">See <see cref="PackagingPlan.Shift"/>; times inside documents count from the start of the output's time line.</param>
    /// <param name="end">Of the media, milliseconds of presentation time.</param>
    /// <param name="holes">What the media jumps over, milliseconds of presentation time, rising: no sample lies there.</param>
    public static IEnumerable<Track> Of(IEnumerable<TextTrack> texts, (long Value, uint Timescale) shift, long end, IReadOnlyList<(long Start, long End)> holes) => texts
        .Where(text => text.Content?.Documents.Count > 0)
        .Select(text => Make(text, TimeMath.Rescale(shift.Value, shift.Timescale, 1000), end, holes))
        .OfType<Track>();

    private static Track? Make(TextTrack text, long shift, long end, IReadOnlyList<(long Start, long End)> holes)
    {
        List<TextDocument> documents = [.. text.Content!.Documents.Where(document => document.Start >= 0 && document.Start < end).OrderBy(document => document.Start)];
        List<(long Duration, byte[] Bytes)> samples = [];
        for (int i = 0; i < documents.Count; i++)
        {
            long next = i + 1 < documents.Count ? documents[i + 1].Start : end;
            long stop = Math.Min(next, Math.Max(documents[i].Start, documents[i].End));
            if (stop > documents[i].Start)
            {
                samples.Add((stop - documents[i].Start, Encoding.UTF8.GetBytes(Move(documents[i], shift, text))));
            }

            if (next > stop && i + 1 < documents.Count)
            {
                samples.Add((next - stop, Empty));
            }
        }

        return samples.Count == 0 ? null : ToTrack(text, [.. Cut(samples, documents[0].Start, holes)]);
    }

    private static IEnumerable<ImscSample> Cut(List<(long Duration, byte[] Bytes)> samples, long start, IReadOnlyList<(long Start, long End)> holes)
    {
        foreach ((long duration, byte[] bytes) in samples)
        {
            long end = start + duration;
            foreach ((long holeStart, long holeEnd) in holes.Where(hole => hole.End > start && hole.Start < end))
            {
                if (holeStart > start)
                {
                    yield return new ImscSample(start, holeStart, bytes);
                }

                start = Math.Min(end, holeEnd);
            }

            if (end > start)
            {
                yield return new ImscSample(start, end, bytes);
            }

            start = end;
        }
    }

    private static string Move(TextDocument document, long shift, TextTrack text) =>
        shift == 0 ? document.Xml : TtmlDocument.Parse(Encoding.UTF8.GetBytes(document.Xml), text.Sources[0].File).Shift(shift);

    private static Track? ToTrack(TextTrack text, List<ImscSample> samples)
    {
        if (samples.Count == 0)
        {
            return null;
        }

        byte[] bytes = [.. samples.SelectMany(sample => sample.Bytes)];
        var table = new SampleTableBuilder(samples.Count) { Literal = bytes };
        long offset = 0;
        foreach ((long start, long end, byte[] document) in samples)
        {
            table.SetDecodeTime(start);
            table.Add(checked((uint)(end - start)), 0, (uint)document.Length, true, SampleTable.LiteralFile, offset);
            offset += document.Length;
        }

        return new Track
        {
            Kind = TrackKind.Text,
            Name = text.Name,
            Label = text.Label,
            Language = text.Language,
            Roles = text.DashRoles,
            IsDefault = text.IsDefault,
            Timescale = 1000,
            Descriptions = [Description()],
            Samples = table.Build(),
            Discontinuities = [.. Enumerable.Range(1, samples.Count - 1).Where(i => samples[i].Start > samples[i - 1].End)],
            SourceFile = text.Sources[0].File,
        };
    }

    /// <summary>XMLSubtitleSampleEntry (ISO/IEC 14496-12 12.6.3.2): name space; neither schema nor images.</summary>
    private static SampleDescription Description()
    {
        var entry = new BoxWriter();
        int start = entry.Begin("stpp");
        entry.Zeros(6);
        entry.UInt16(1);
        entry.NullTerminated(Namespace);
        entry.Zeros(2);
        entry.End(start);
        return new SampleDescription(
            entry.ToArray(),
            new CodecInfo { FourCC = "stpp", CodecString = "stpp.ttml.im1t", Name = "TTML", Family = "stpp", Kind = TrackKind.Text });
    }

    /// <param name="Start">Milliseconds of presentation time.</param>
    /// <param name="End">Milliseconds of presentation time.</param>
    private sealed record ImscSample(long Start, long End, byte[] Bytes);
}
