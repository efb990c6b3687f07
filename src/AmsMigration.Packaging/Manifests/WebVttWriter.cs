using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests;

/// <summary>
/// WebVTT files (W3C WebVTT) whose times count from the presentation's start, as DASH has it; X-TIMESTAMP-MAP (RFC 8216 3.5) says to HLS where
/// on the media's time line that is.
/// </summary>
/// <param name="start">Media time of the start of the presentation, or of a stretch of it, ticks of <see cref="MpegTimescale"/>.</param>
/// <param name="preamble">See <see cref="TextContent.Preamble"/>.</param>
/// <param name="local">The same place by the cues' clock, milliseconds.</param>
internal sealed class WebVttWriter(long start, string preamble, long local = 0)
{
    public const uint MpegTimescale = 90_000;

    /// <summary>MPEG-2 time stamps have 33 bits.</summary>
    private const long MpegWrap = 1L << 33;

    public string Write(IEnumerable<TextCue> cues)
    {
        var text = new StringBuilder("WEBVTT\n");
        text.AppendFormat(CultureInfo.InvariantCulture, "X-TIMESTAMP-MAP=LOCAL:{0},MPEGTS:{1}\n\n", TextCue.ToTimestamp(local), start % MpegWrap);
        text.Append(preamble);
        foreach (TextCue cue in cues)
        {
            text.Append(cue.Id is null ? "" : cue.Id + "\n");
            text.Append(TextCue.ToTimestamp(cue.Start)).Append(" --> ").Append(TextCue.ToTimestamp(cue.End));
            text.Append(cue.Settings.Length > 0 ? " " : "").Append(cue.Settings).Append('\n');
            text.Append(cue.Payload).Append("\n\n");
        }

        return text.ToString();
    }
}
