using System.Text;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>WebVTT in MP4 (ISO/IEC 14496-30 7): each sample is the cues that are shown while it lasts.</summary>
internal static class WvttSamples
{
    private const int BoxHeaderLength = 8;

    /// <summary>reserved and data_reference_index (ISO/IEC 14496-12 8.5.2).</summary>
    private const int EntryHeaderLength = 8;

    /// <summary>Cues of all samples, whole again, by start.</summary>
    /// <exception cref="PackagingException">A sample is not made of boxes.</exception>
    public static TextContent Read(Track track, IReadOnlyList<TextSample> samples, List<PackagingWarning> warnings)
    {
        // Settings may name regions of the configuration: the reader of files knows which there are.
        string configuration = ReadConfiguration(track.Descriptions[0].Entry, track.SourceFile);
        var text = new StringBuilder(configuration).Append("\n\n");
        foreach (TextSample sample in samples.Where(sample => sample.End > sample.Start && sample.End > 0))
        {
            AppendCues(text, sample, track.SourceFile);
        }

        WebVttFile file = WebVttReader.Parse(Encoding.UTF8.GetBytes(text.ToString()), track.SourceFile, hasMediaClock: false, warnings);
        return new TextContent(CueText.Join(file.Cues), file.Preamble, []);
    }

    /// <summary>vttC: the file's text up to its first cue.</summary>
    private static string ReadConfiguration(byte[] entry, string file)
    {
        BoxReader box = BoxReader.Open(entry, file, 0);
        box.Skip(EntryHeaderLength);
        while (box.NextChild(out BoxReader child))
        {
            if (child.Type == "vttC" && Encoding.UTF8.GetString(child.Bytes(child.Remaining)).TrimEnd('\0') is { Length: > 0 } text)
            {
                return text;
            }
        }

        return WebVttReader.Signature;
    }

    private static void AppendCues(StringBuilder text, TextSample sample, string file)
    {
        var writer = new BoxWriter(sample.Data.Length + BoxHeaderLength);
        int start = writer.Begin("samp");
        writer.Bytes(sample.Data);
        writer.End(start);
        BoxReader boxes = BoxReader.Open(writer.ToArray(), file, 0);
        while (boxes.NextChild(out BoxReader box))
        {
            if (box.Type != "vttc" || !box.TryFind("payl", out BoxReader payload) || ReadText(payload) is not { Length: > 0 } cue)
            {
                continue;
            }

            string settings = box.TryFind("sttg", out BoxReader sttg) ? ReadText(sttg).Replace('\n', ' ') : "";
            text.Append(TextCue.ToTimestamp(Math.Max(0, sample.Start))).Append(" --> ").Append(TextCue.ToTimestamp(sample.End));
            text.Append(' ').Append(settings).Append('\n').Append(cue).Append("\n\n");
        }
    }

    private static string ReadText(BoxReader box) => CueText.Clean(Encoding.UTF8.GetString(box.Bytes(box.Remaining)));
}
