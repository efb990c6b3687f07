using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Text.Ttml;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>What TTML says, from a file or from samples, on the presentation's time line.</summary>
internal static class TtmlText
{
    public static (TextContent Content, string? Language) ReadFile(byte[] content, string file, MediaClock clock, List<PackagingWarning> warnings)
    {
        TtmlDocument document = TtmlDocument.Parse(content, file);
        List<TextCue> cues = document.ReadCues(warnings, file);
        long shift = clock.ShiftOf(cues, file, warnings);
        cues = MediaClock.InOrder(cues, shift);
        TextDocument[] documents = cues.Count == 0 || !document.IsStandard ? [] : [new TextDocument(0, cues.Max(cue => cue.End), document.Shift(shift))];
        return (new TextContent(cues, "", documents), document.Language);
    }

    /// <summary>
    /// Samples (ISO/IEC 14496-30 5) have times of the media's clock; some writers count from the sample's own start instead. A document that
    /// cannot be read costs its own cues only.
    /// </summary>
    public static (TextContent Content, string? Language) ReadSamples(IReadOnlyList<TextSample> samples, string file, List<PackagingWarning> warnings)
    {
        List<(TextSample Sample, TtmlDocument Document, List<TextCue> Cues)> read = [];
        foreach (TextSample sample in samples.Where(sample => sample.Data.Length > 0))
        {
            try
            {
                TtmlDocument document = TtmlDocument.Parse(sample.Data, file);
                read.Add((sample, document, document.ReadCues(warnings, file)));
            }
            catch (PackagingException e)
            {
                warnings.Add(new PackagingWarning(e.Code, e.Message));
            }
        }

        int absolute = read.Count(entry => entry.Cues.Exists(cue => IsByClock(cue, entry.Sample)));
        int relative = read.Count(entry => entry.Cues.Count > 0 && entry.Cues.TrueForAll(cue => cue.Start < entry.Sample.End - entry.Sample.Start));
        List<TextCue> cues = [];
        List<TextDocument> documents = [];
        foreach ((TextSample sample, TtmlDocument document, List<TextCue> own) in read)
        {
            long shift = relative > absolute ? sample.Start : sample.Start - sample.MediaStart;
            cues.AddRange(own.Select(cue => cue.End == TtmlCueReader.Open ? cue with { End = sample.End - shift } : cue)
                .Where(cue => cue.End > cue.Start)
                .Select(cue => cue with { Start = cue.Start + shift, End = cue.End + shift }));
            if (document.IsStandard)
            {
                documents.Add(new TextDocument(sample.Start, sample.End, document.Shift(shift)));
            }
        }

        return (new TextContent(MediaClock.InOrder(CueText.Join(cues), 0), "", documents), read.Select(entry => entry.Document.Language).FirstOrDefault(l => l is not null));
    }

    private static bool IsByClock(TextCue cue, TextSample sample) =>
        cue.Start < sample.MediaStart + sample.End - sample.Start && cue.End > sample.MediaStart;
}
