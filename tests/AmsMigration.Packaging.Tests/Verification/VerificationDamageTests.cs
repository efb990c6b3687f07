using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Tests.Planning;
using AmsMigration.Packaging.Verification;

namespace AmsMigration.Packaging.Tests.Verification;

/// <summary>Each kind of damage is found; without the source where the output itself shows it.</summary>
public sealed class VerificationDamageTests
{
    /// <summary>Makes no size one of those with a meaning of their own.</summary>
    private const byte Bits = 0xA4;

    public static TheoryData<OutputLayout> Layouts => [OutputLayout.SingleFile, OutputLayout.Segmented];

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task A_flipped_bit_in_a_sample(OutputLayout layout)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(layout);
        string path = output.MediaPath(1);
        PlanReader.Box mdat = output.Boxes(path).Last(box => box.Path == "mdat");

        VerificationReport report = await output.Damage(path, mdat.Offset + 8 + 500).VerifyWithSourceAsync();

        VerificationFinding finding = Assert.Single(report.Findings);
        Assert.Equal("SampleBytes", finding.Code);
        Assert.Equal($"talk/{output.Plan.Renditions[1].Name}.m3u8", finding.File);
        Assert.Equal((30 * 31) + 1450 + 1400 - 1, report.SamplesCompared);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task A_file_cut_short(OutputLayout layout)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(layout);

        VerificationReport report = await output.Cut(output.Plan.Renditions[0].Segments[^1].Path, 1).VerifyAsync();

        Assert.NotEmpty(report.Findings);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Every_byte_that_players_depend_on(OutputLayout layout)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(
            layout, TestPresentation.Video(TestPresentation.FramesWithReordering(6, 31, 1001)), TestPresentation.Audio(TestPresentation.Frames(300, 1024, 1)));
        List<string> missed = [];
        foreach ((string path, int offset, string box) in Fields(output))
        {
            output.Damage(path, offset, Bits);
            if ((await output.VerifyWithSourceAsync()).Findings.Count == 0)
            {
                missed.Add($"{path}, {box} at {offset}");
            }

            output.Damage(path, offset, Bits);
        }

        Assert.True(missed.Count == 0, string.Join("\n", missed));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task A_fragment_at_another_time(OutputLayout layout)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(layout);
        string path = output.MediaPath(1);
        PlanReader.Box tfdt = output.Boxes(path).Last(box => box.Path == "moof/traf/tfdt");

        VerificationReport report = await output.Damage(path, tfdt.Offset + 15, 1).VerifyAsync();

        Assert.NotEmpty(report.Findings);
    }

    [Fact]
    public async Task A_missing_segment()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.Segmented);

        VerificationReport report = await output.Remove(output.MediaPath(2)).VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.Code == "MissingFile");
        Assert.Contains(report.Findings, finding => finding.Code == "UnreadableMpd");
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Any_missing_file(OutputLayout layout)
    {
        VerifiedOutput whole = await VerifiedOutput.MakeAsync(layout);
        foreach (string path in whole.Files)
        {
            VerifiedOutput output = await VerifiedOutput.MakeAsync(layout);

            Assert.NotEmpty((await output.Remove(path).VerifyAsync()).Findings);
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Swapped_segments(OutputLayout layout)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(layout);
        string playlist = $"talk/{output.Plan.Renditions[0].Name}.m3u8";
        string[] lines = System.Text.Encoding.UTF8.GetString(output[playlist]).Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith("#EXTINF", StringComparison.Ordinal));
        int step = Array.FindIndex(lines, first + 1, line => line.StartsWith("#EXTINF", StringComparison.Ordinal)) - first;
        string one = string.Join('\n', lines[first..(first + step)]);
        string two = string.Join('\n', lines[(first + step)..(first + (2 * step))]);

        VerificationReport report = await output.Edit(playlist, $"{one}\n{two}", $"{two}\n{one}").VerifyAsync();

        Assert.NotEmpty(report.Findings);
    }

    [Fact]
    public async Task Another_initialization_segment_between_the_segments()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.Segmented);
        Rendition rendition = output.Plan.Renditions[0];
        string line = $"{rendition.Segments[0].Path.Substring("talk/".Length)}\n";

        VerificationReport report = await output
            .Edit($"talk/{rendition.Name}.m3u8", line, $"{line}#EXT-X-MAP:URI=\"{output.Plan.Renditions[1].InitPath.Substring("talk/".Length)}\"\n").VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.Code == "IncompletePlaylist" && finding.Message.Contains("2 different EXT-X-MAP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_byte_range_that_is_off_by_one()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        Rendition rendition = output.Plan.Renditions[0];
        Segment segment = rendition.Segments[1];

        VerificationReport report = await output
            .Edit($"talk/{rendition.Name}.m3u8", $"{segment.Length}@{segment.Offset}", $"{segment.Length}@{segment.Offset + 1}").VerifyAsync();

        Assert.NotEmpty(report.Findings);
    }

    [Fact]
    public async Task A_byte_range_beyond_the_file()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        Rendition rendition = output.Plan.Renditions[0];
        Segment last = rendition.Segments[^1];

        VerificationReport report = await output
            .Edit($"talk/{rendition.Name}.m3u8", $"{last.Length}@{last.Offset}", $"{last.Length + 1}@{last.Offset}").VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.Code == "RangeOutsideFile");
    }

    [Fact]
    public async Task An_I_frame_range_that_leads_elsewhere()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        Rendition rendition = output.Plan.Renditions[0];
        Fragment fragment = rendition.Fragments[1];
        string playlist = output.Files.Single(path => path.Contains("iframe", StringComparison.OrdinalIgnoreCase));

        VerificationReport report = await output.Edit(playlist, $"@{fragment.Offset}\n", $"@{fragment.Offset + 8}\n").VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.File == playlist);
    }

    [Fact]
    public async Task An_I_frame_range_that_holds_half_a_picture()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        Rendition rendition = output.Plan.Renditions[0];
        Fragment fragment = rendition.Fragments[1];
        string playlist = output.Files.Single(path => path.Contains("iframe", StringComparison.OrdinalIgnoreCase));
        long length = fragment.HeaderLength + fragment.FirstSampleSize;

        VerificationReport report = await output.Edit(playlist, $"{length}@{fragment.Offset}\n", $"{length - 1}@{fragment.Offset}\n").VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.File == playlist);
    }

    [Theory]
    [InlineData("#EXT-X-TARGETDURATION:", "TargetDuration")]
    [InlineData("#EXTINF:", "SegmentTime")]
    public async Task Wrong_durations_in_a_playlist(string tag, string code)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        string playlist = $"talk/{output.Plan.Renditions[0].Name}.m3u8";
        string value = System.Text.Encoding.UTF8.GetString(output[playlist]).Split('\n').First(line => line.StartsWith(tag, StringComparison.Ordinal))[tag.Length..];

        VerificationReport report = await output.Edit(playlist, tag + value, tag + (code == "SegmentTime" ? "3.5," : "1")).VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.Code == code);
    }

    [Fact]
    public async Task A_wrong_duration_in_the_last_EXTINF()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        string playlist = $"talk/{output.Plan.Renditions[0].Name}.m3u8";
        string last = System.Text.Encoding.UTF8.GetString(output[playlist]).Split('\n').Last(line => line.StartsWith("#EXTINF", StringComparison.Ordinal));

        // Two segments may last the same: the end of the text makes the place the last one.
        string text = System.Text.Encoding.UTF8.GetString(output[playlist]);
        string tail = text[text.LastIndexOf(last, StringComparison.Ordinal)..];
        VerificationReport report = await output.Edit(playlist, tail, "#EXTINF:0.5," + tail[last.Length..]).VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.Code == "SegmentTime");
    }

    [Theory]
    [InlineData("mediaPresentationDuration=\"PT")]
    [InlineData(" d=\"")]
    [InlineData("presentationTimeOffset=\"")]
    public async Task Wrong_times_in_the_MPD(string attribute)
    {
        Track video = TestPresentation.Video(TestPresentation.Frames(300, 1001, 30, firstDecodeTime: 90_000));
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.Segmented, video);

        VerificationReport report = await output.Edit("talk.mpd", attribute, attribute + "1").VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.File == "talk.mpd");
    }

    [Fact]
    public async Task A_rendition_that_only_the_MPD_has_or_only_the_playlist()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        string text = System.Text.Encoding.UTF8.GetString(output["talk.m3u8"]);
        string media = text.Split('\n').Last(line => line.StartsWith("#EXT-X-MEDIA:", StringComparison.Ordinal));

        VerificationReport report = await output.Edit("talk.m3u8", media + "\n", "").VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.File == "talk.mpd");
    }

    [Fact]
    public async Task Another_source_than_the_one_it_was_made_from()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        byte[] other = [.. TestPresentation.Source];
        other[100] ^= 1;

        VerificationReport report = await output.VerifyWithSourceAsync(other);

        Assert.All(report.Findings, finding => Assert.Equal("SampleBytes", finding.Code));
        Assert.NotEmpty(report.Findings);
    }

    [Fact]
    public async Task Samples_that_the_source_has_more_or_less()
    {
        Track audio = TestPresentation.Audio(TestPresentation.Frames(500, 1024, 1));
        foreach (int other in new[] { 499, 501 })
        {
            VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile, TestPresentation.Audio(TestPresentation.Frames(other, 1024, 1)));

            Assert.Contains((await output.VerifyWithSourceAsync(null, audio)).Findings, finding => finding.Code == "SampleCount");
        }
    }

    [Fact]
    public async Task Tracks_that_the_source_has_more_or_less()
    {
        Track audio = TestPresentation.Audio(TestPresentation.Frames(500, 1024, 1));
        Track french = TestPresentation.Audio(TestPresentation.Frames(500, 1024, 1), language: "fr");
        VerifiedOutput one = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile, audio);
        VerifiedOutput two = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile, audio, french);

        Assert.Contains((await one.VerifyWithSourceAsync(null, audio, french)).Findings, finding => finding.Code == "MissingRendition");
        Assert.Contains((await two.VerifyWithSourceAsync(null, audio)).Findings, finding => finding.Code == "ExtraRendition");
    }

    [Fact]
    public async Task Sync_flags_that_differ()
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile, TestPresentation.Video(TestPresentation.Frames(300, 1001, 30)));

        VerificationReport report = await output.VerifyWithSourceAsync(null, TestPresentation.Video(TestPresentation.Frames(300, 1001, 10)));

        Assert.Contains(report.Findings, finding => finding.Code == "SyncFlag");
    }

    [Theory]
    [InlineData("talk.m3u8", "not a playlist")]
    [InlineData("talk.m3u8", "#EXTM3U\n")]
    [InlineData("talk.m3u8", "#EXTM3U\n#EXT-X-MEDIA:URI=\"no end")]
    [InlineData("talk.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../../etc/passwd\n")]
    [InlineData("talk.mpd", "<MPD")]
    [InlineData("talk.mpd", "<!DOCTYPE MPD [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><MPD>&e;</MPD>")]
    [InlineData("talk.mpd", "<html/>")]
    public async Task A_manifest_that_is_none(string path, string text)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.SingleFile);
        string whole = System.Text.Encoding.UTF8.GetString(output[path]);

        VerificationReport report = await output.Edit(path, whole, text).VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.File == path);
    }

    [Theory]
    [InlineData("timescale=\"", "timescale=\"-")]
    [InlineData(" d=\"", " d=\"-")]
    [InlineData(" d=\"", " d=\"99999999999999999999")]
    [InlineData("<S ", "<S r=\"2000000000\" ")]
    [InlineData("startNumber=\"1\"", "startNumber=\"9223372036854775807\"")]
    public async Task Numbers_in_the_MPD_that_make_no_sense(string old, string replacement)
    {
        VerifiedOutput output = await VerifiedOutput.MakeAsync(OutputLayout.Segmented, TestPresentation.Video(TestPresentation.FramesWithReordering(30, 31, 1001)));

        VerificationReport report = await output.Edit("talk.mpd", old, replacement).VerifyAsync();

        Assert.Contains(report.Findings, finding => finding.File == "talk.mpd");
    }

    /// <summary>What players depend on: size and type of each kind of box, and the content of those that say what is played when.</summary>
    private static IEnumerable<(string Path, int Offset, string Box)> Fields(VerifiedOutput output)
    {
        foreach (Rendition rendition in output.Plan.Renditions)
        {
            HashSet<string> seen = [];
            foreach (OutputFile file in rendition.Files)
            {
                foreach (PlanReader.Box box in output.Boxes(file.Path).Where(box => seen.Add(box.Path) && !Optional.Contains(box.Path)))
                {
                    int length = 8 + box.Content.Length;
                    IEnumerable<int> content = Contents.Where(c => c.Box == box.Path).SelectMany(c => Enumerable.Range(c.Start, Math.Min(c.End, length) - c.Start));
                    foreach (int i in Enumerable.Range(3, 5).Concat(content))
                    {
                        yield return (file.Path, box.Offset + i, $"{box.Path}+{i}");
                    }
                }
            }
        }
    }

    /// <summary>No more than hints, or true without their content.</summary>
    private static HashSet<string> Optional { get; } = ["moov/mvex/mehd"];

    /// <summary>Bytes of boxes, without reserved ones and flags that have no meaning.</summary>
    private static (string Box, int Start, int End)[] Contents { get; } =
    [
        ("moof/mfhd", 12, 16),
        ("moof/traf/tfhd", 12, 24),
        ("moof/traf/tfdt", 12, 20),
        ("moof/traf/trun", 12, 20),
        ("sidx", 16, 28),
        ("sidx", 30, 41),
        ("moov/trak/mdia/minf/stbl/stsd", 16, 200),
        ("moov/trak/edts/elst", 12, 28),
    ];
}
