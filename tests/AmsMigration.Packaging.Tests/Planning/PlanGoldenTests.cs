using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Planning.TestPresentation;

namespace AmsMigration.Packaging.Tests.Planning;

/// <summary>
/// Whole plans as text, compared with tests/fixtures/golden/plan-*.txt. With RECORD_GOLDEN=1 in the environment they are written anew;
/// the difference is then to be read in review.
/// </summary>
public class PlanGoldenTests
{
    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public void Two_renditions_with_B_pictures_and_primed_audio(OutputLayout layout)
    {
        Track high = Video(FramesWithReordering(10, 61, 1001)) with { MediaTime = 1001, NominalBitrate = 3_400_000, IsDefault = true };
        Track low = Video(FramesWithReordering(10, 61, 1001), 30_000, 640, 360) with { MediaTime = 1001, NominalBitrate = 800_000 };
        Track audio = Audio(Frames(955, 1024, 1)) with { MediaTime = 1024, NominalBitrate = 128_000, RollDistance = 1 };
        Compare($"two-renditions-{layout.ToString().ToLowerInvariant()}", Plan(layout, 6, high, low, audio));
    }

    [Fact]
    public void Everything_at_once()
    {
        byte[] matrix = new byte[36];
        (matrix[5], matrix[12], matrix[13], matrix[32]) = (1, 0xFF, 0xFF, 0x40);
        var gap = new SampleTableBuilder();
        for (int i = 0; i < 500; i++)
        {
            gap.SetDecodeTime(6_000_000_000 + (i * 400_000L) + (i < 260 ? 0 : 80_000_000));
            gap.Add(400_000, 0, (uint)(i % 25 == 0 ? 300 : 20), i % 25 == 0, 0, i * 300, i < 375 ? 0 : 1);
        }

        Track video = Video(gap.Build(), 10_000_000) with { MediaTime = 6_000_500_000, Matrix = matrix };
        video = video with { Descriptions = [video.Descriptions[0], video.Descriptions[0]] };
        Track german = Audio(Frames(1300, 1024, 1), 44_100, "de-AT") with { MediaTime = 2112, Roles = ["alternate"], Label = "Deutsch" };
        Track late = Audio(Frames(900, 1024, 1), 48_000, null) with { Delay = 96_000 };
        Compare("everything", Plan(video, german, late, Text(Frames(10, 2500, 1))));
    }

    private static void Compare(string name, PackagingPlan plan)
    {
        string path = Path.Combine(Repository.Root, "tests", "fixtures", "golden", $"plan-{name}.txt");
        string actual = Describe(plan);
        if (Environment.GetEnvironmentVariable("RECORD_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual, ignoreLineEndingDifferences: true);
    }

    private static string Describe(PackagingPlan plan)
    {
        var text = new StringBuilder();
        Line($"{plan.ManifestName}, shift {plan.Shift.Value}/{plan.Shift.Timescale}");
        foreach (PackagingWarning warning in plan.Warnings)
        {
            Line($"warning {warning.Code}: {warning}");
        }

        foreach (Rendition r in plan.Renditions)
        {
            Line($"");
            Line($"{r.Name}: {r.InitPath}, init {r.InitLength}, index {r.IndexLength}, duration {r.Duration}/{r.Track.Timescale}");
            Line($"  peak {r.PeakBandwidth}, average {r.AverageBandwidth}");
            Line($"  {r.FrameRate.Numerator}/{r.FrameRate.Denominator} frames a second, {r.DisplayWidth}x{r.DisplayHeight}");
            foreach (Segment s in r.Segments)
            {
                Line($"  segment {s.Path} {s.Offset}+{s.Length}, time {s.Start}+{s.Duration}");
                foreach (Fragment f in r.Fragments.Skip(s.FirstFragment).Take(s.FragmentCount))
                {
                    string access = f.IsSync ? "sync" : "no sync";
                    string bytes = $"{f.Offset}+{f.HeaderLength}+{f.PayloadLength}";
                    Line($"    fragment {f.FirstSample}+{f.SampleCount} at {bytes}, decode {f.DecodeTime}, start {f.Start}, {access}");
                }
            }

            foreach (OutputFile file in r.Files)
            {
                string hash = Convert.ToHexStringLower(SHA256.HashData(PlanReader.ReadFile(file, Source)));
                Line($"  file {file.Path} {file.ContentType} {file.Length}, sha256 {hash[..16]}");
            }

            foreach (PlanReader.Box box in PlanReader.ReadBoxes(PlanReader.ReadTrack(r, Source)).TakeWhile(b => b.Path != "mdat"))
            {
                string indent = new(' ', 2 * box.Path.Count(c => c == '/'));
                string content = Convert.ToHexStringLower(box.Content.Span[..Math.Min(40, box.Content.Length)]);
                string rest = box.Content.Length > 40 ? $"... {box.Content.Length}" : "";
                Line($"  {indent}{box.Path[^4..]} {content}{rest}");
            }
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
