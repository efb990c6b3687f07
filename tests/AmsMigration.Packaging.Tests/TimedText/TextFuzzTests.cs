using System.Diagnostics;
using System.Text;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Text;
using AmsMigration.Packaging.Sources.Text.Ttml;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.TimedText;

/// <summary>Text with errors, seeded: read or refused with a reason, at once, and never with a cue that WebVTT cannot hold.</summary>
public class TextFuzzTests
{
    private const int Runs = 4000;

    private static readonly string[] Pieces =
    [
        "WEBVTT", "\n", "\n\n", "\r\n", "-->", " --> ", "00:00:01.000", "00:01", "99:99:99.999", "STYLE", "REGION", "NOTE", "id:a", "region:a", "\0", "\uFEFF",
        "X-TIMESTAMP-MAP=MPEGTS:8589934592,LOCAL:99:00:00.000", "<", ">", "&", "<i>", "</tt>", "<p begin='1s' end='2s'>", "<br/>", "begin='-1s'", "dur='9999999999h'",
        "xmlns='urn:x'", "<!DOCTYPE a [", "&#x0;", "&amp;", "style='s s s'", "xml:id='s'", "tts:origin='1e9% NaN'",
    ];

    [Fact]
    public void Damaged_WebVTT_is_read_or_refused()
    {
        byte[] seed = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "captions", "en-us.vtt"));
        Run(1, seed, content => WebVttReader.Parse(content, "a.vtt", true, []).Cues);
    }

    [Fact]
    public void Damaged_TTML_is_read_or_refused_and_can_be_moved()
    {
        byte[] seed = MadeText.Document("<p begin='1s' end='2s' style='s'>a<br/>b <span xml:space='preserve'>c</span></p><div begin='2s'><p begin='0.5s' dur='1s'>d</p></div>");
        Run(2, seed, content =>
        {
            TtmlDocument document = TtmlDocument.Parse(content, "a.ttml");
            TtmlDocument.Parse(Encoding.UTF8.GetBytes(document.Shift(-1500)), "moved");
            return document.ReadCues([], "a.ttml");
        });
    }

    private static void Run(int seed, byte[] original, Func<byte[], IReadOnlyList<TextCue>> read)
    {
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        int sound = 0;
        for (int i = 0; i < Runs && clock.Elapsed < TimeSpan.FromSeconds(20); i++)
        {
            byte[] content = Damage(random, original);
            try
            {
                IReadOnlyList<TextCue> cues = read(content);
                sound++;
                Assert.All(cues, cue => Assert.True(
                    cue.End > cue.Start && cue.Payload.Length > 0 && !cue.Payload.Contains("-->") && !cue.Payload.Split('\n').Contains("") && !cue.Settings.Contains('\n'),
                    $"run {i}: {cue}"));
            }
            catch (PackagingException e)
            {
                Assert.StartsWith("Invalid", e.Code);
            }
        }

        Assert.True(sound > Runs / 20, $"only {sound} could be read");
    }

    private static byte[] Damage(Random random, byte[] original)
    {
        List<byte> content = [.. original];
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int at = random.Next(content.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    content.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 1:
                    content.RemoveRange(at, Math.Min(content.Count - at, random.Next(20)));
                    break;
                case 2 when at < content.Count:
                    content[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    content.InsertRange(at, content.Skip(random.Next(content.Count)).Take(40).ToArray());
                    break;
            }
        }

        return [.. content];
    }
}
