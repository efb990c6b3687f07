using System.Text;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Smooth Streaming on demand: whatever says when fragments start, all samples are presented at their times.</summary>
public class SmoothTimeTests
{
    public static MatrixTheoryData<MadeTimes, bool, bool> Layouts => new([MadeTimes.SmoothTime, MadeTimes.None], [true, false], [true, false]);

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Samples_keep_their_times_whatever_tells_them(MadeTimes times, bool isOneFile, bool hasTrackIds)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: times);
        var maker = new SmoothMaker { Streams = [video, audio], IsOneFile = isOneFile, HasTrackIds = hasTrackIds };

        (AssetContent content, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        Assert.Equal(AssetFormat.Smooth, content.Format);
        presentation.Of(TrackKind.Video).HasTimesOf(video);
        presentation.Of(TrackKind.Audio).HasTimesOf(audio);
        Assert.Equal(48000u, presentation.Of(TrackKind.Audio).Timescale);
        Assert.Empty(presentation.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Untimed_fragments_with_a_hole_and_a_late_start_take_their_times_from_the_manifest_or_else_from_the_index(bool hasManifest)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.None);
        video.Lose(4, 2);
        audio.Lose(0);
        var maker = new SmoothMaker { Streams = [video, audio], HasIndex = !hasManifest, ClientManifest = hasManifest ? manifest => manifest : null };

        (_, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video);
        presentation.Of(TrackKind.Audio).HasTimesOf(audio);
    }

    [Fact]
    public async Task Where_manifest_and_file_disagree_on_the_number_of_fragments_the_index_counts()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.None);
        video.Lose(4, 2);
        var maker = new SmoothMaker { Streams = [video, audio], HasIndex = true, ClientManifest = manifest => manifest.Replace("d=\"10000000\"", "d=\"10000000\" r=\"2\"") };

        (_, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video);
    }

    [Fact]
    public async Task Where_nothing_tells_fragments_follow_each_other()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.None);
        var maker = new SmoothMaker { Streams = [video, audio], ClientManifest = null };

        (_, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video);
        audio.Jump(0, -audio.Chunks[0].Time);
        presentation.Of(TrackKind.Audio).HasTimesOf(audio);
    }

    [Fact]
    public async Task A_film_that_was_cut_from_an_event_begins_at_0()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(startSeconds: 1_544_716_459, times: MadeTimes.SmoothTime);
        var maker = new SmoothMaker { Streams = [video, audio], IsOneFile = true };

        (_, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        decimal origin = (decimal)audio.Chunks[0].Name / Read.Ticks;
        presentation.Of(TrackKind.Video).HasTimesOf(video, origin);
        presentation.Of(TrackKind.Audio).HasTimesOf(audio, origin);
        Assert.Equal(["Rebased"], presentation.Codes());
    }

    [Fact]
    public async Task Audio_in_milliseconds_is_counted_in_its_own_samples()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(audioTimescale: 1000, times: MadeTimes.SmoothTime);
        var maker = new SmoothMaker { Streams = [video, audio] };

        (_, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        Track track = presentation.Of(TrackKind.Audio);
        Assert.Equal((48000u, 1024u), (track.Timescale, track.Samples.Durations.Values[0]));
        Assert.Equal([0, track.Samples.Count - 1], track.Samples.Durations.Starts);
        track.HasTimesOf(audio);
    }

    /// <summary>Issue 88 of Azure/azure-media-migration.</summary>
    [Fact]
    public async Task Issue_88_negative_composition_offsets_in_runs_of_version_0_are_negative()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        foreach (MadeChunk chunk in video.Chunks)
        {
            int least = chunk.Samples.Max(sample => sample.CompositionOffset);
            chunk.Time += least;
            for (int i = 0; i < chunk.Samples.Count; i++)
            {
                chunk.Samples[i] = chunk.Samples[i] with { CompositionOffset = chunk.Samples[i].CompositionOffset - least };
            }
        }

        video.RunVersion = 0;
        (_, Presentation presentation) = await Read.AssetAsync(new SmoothMaker { Streams = [video, audio] }.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(7u)]
    public async Task A_wrong_sample_description_index_is_taken_for_the_first(uint index)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        video.Description = index;

        (_, Presentation presentation) = await Read.AssetAsync(new SmoothMaker { Streams = [video, audio] }.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video);
        Assert.Equal(["WrongSampleDescription"], presentation.Codes());
    }

    [Fact]
    public async Task A_manifest_in_utf_16_with_missing_times_and_durations_and_a_wrong_count_tells_the_same_times()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.None);
        var maker = new SmoothMaker
        {
            Streams = [video, audio],
            ManifestEncoding = Encoding.Unicode,
            ClientManifest = manifest =>
            {
                string listed = string.Concat(Enumerable.Range(0, 12).Select(i => $"""    <c t="{i}0000000" d="10000000" />{Environment.NewLine}"""));
                return manifest.Replace("\r", "").Replace(listed.Replace("\r", ""), "    <c d=\"10000000\" r=\"11\"/><c/>\n").Replace("Duration=\"0\"", "Duration=\"120000000\"").Replace("Chunks=\"12\"", "Chunks=\"3\"");
            },
        };

        (_, Presentation presentation) = await Read.AssetAsync(maker.ToStore());

        presentation.Of(TrackKind.Video).HasTimesOf(video);
        Assert.Contains("ChunkCountDisagrees", presentation.Codes());
    }
}
