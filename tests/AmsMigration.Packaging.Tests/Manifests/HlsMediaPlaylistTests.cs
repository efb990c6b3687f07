using AmsMigration.Packaging.Planning;
using static AmsMigration.Packaging.Tests.Manifests.MadeUp;

namespace AmsMigration.Packaging.Tests.Manifests;

public class HlsMediaPlaylistTests
{
    [Theory]
    [InlineData(30_000u, 180_180, 60_000)]
    [InlineData(44_100u, 264_192, 60_000)]
    [InlineData(10_000_000u, 60_060_001, 59_000)]
    [InlineData(90_000u, 540_541, 60_000)]
    public void Durations_of_a_hundred_hours_add_up_to_the_microsecond(uint timescale, long duration, int count)
    {
        MadeUp video = Video(720, 3_000_000) with { Timescale = timescale, Start = duration };
        List<long> durations = Read(video with { Durations = Repeat(duration, count, duration / 3) }).Durations;
        Assert.Equal(count + 1, durations.Count);
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += durations[i];
            decimal exact = (decimal)duration * (i + 1) * 1_000_000 / timescale;
            Assert.InRange(sum - exact, -1, 1);
        }
    }

    [Fact]
    public void Durations_of_29_97_frames_a_second_are_exact()
    {
        Playlist playlist = Read(Video(720, 3_000_000));
        Assert.Equal(["6.006000,", "6.006000,", "6.006000,", "6.006000,", "2.002000,"], playlist.Values("EXTINF"));
    }

    [Fact]
    public void Target_duration_is_the_longest_rounded_to_the_nearest_second_and_the_same_for_sound_and_pictures()
    {
        var random = new Random(2);
        for (int run = 0; run < 300; run++)
        {
            MadeUp video = Video(720, 3_000_000) with { Durations = RandomDurations(random, 30_000) };
            MadeUp audio = Audio("en", 128_000) with { Durations = RandomDurations(random, 48_000) };
            IReadOnlyList<OutputFile> files = Write("talk", OutputLayout.SingleFile, [video, audio], [Captions("de")]);
            Playlist[] shared = [Media(files, video), Media(files, audio)];
            long longest = shared.SelectMany(p => p.Durations).Max();
            Assert.All(shared, playlist => Assert.Equal(RoundedSeconds(longest), TargetDuration(playlist)));
            var text = new Playlist(MadeUp.Text(files, "talk/text_de.m3u8"));
            Assert.Equal(RoundedSeconds(Assert.Single(text.Durations)), TargetDuration(text));
            var iFrames = new Playlist(MadeUp.Text(files, $"talk/{video.Name}.iframes.m3u8"));
            Assert.Equal(RoundedSeconds(iFrames.Durations.Max()), TargetDuration(iFrames));
        }
    }

    [Fact]
    public void One_file_is_addressed_by_ranges_that_touch()
    {
        Rendition rendition = Video(720, 3_000_000).ToRendition("talk", OutputLayout.SingleFile);
        Playlist playlist = Read(Video(720, 3_000_000));
        Dictionary<string, string> map = Assert.Single(playlist.Attributes("EXT-X-MAP"));
        Assert.Equal(("video_720p.mp4", $"{rendition.InitLength}@0"), (map["URI"], map["BYTERANGE"]));
        long expected = rendition.InitLength + rendition.IndexLength;
        foreach ((long length, long offset) in playlist.ByteRanges)
        {
            Assert.Equal(expected, offset);
            expected += length;
        }

        Assert.Equal(rendition.Segments.Count, playlist.ByteRanges.Count);
        Assert.All(playlist.Uris, uri => Assert.Equal("video_720p.mp4", uri));
    }

    [Fact]
    public void Files_of_segments_need_no_ranges()
    {
        Playlist playlist = Read(Video(720, 3_000_000), OutputLayout.Segmented);
        Assert.Equal("URI=\"video_720p/init.mp4\"", Assert.Single(playlist.Values("EXT-X-MAP")));
        Assert.Empty(playlist.ByteRanges);
        Assert.Equal(["video_720p/1.m4s", "video_720p/2.m4s", "video_720p/3.m4s", "video_720p/4.m4s", "video_720p/5.m4s"], playlist.Uris);
    }

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public void I_frame_playlist_names_header_and_first_sample_of_every_fragment(OutputLayout layout)
    {
        MadeUp video = Video(720, 3_000_000);
        Rendition rendition = video.ToRendition("talk", layout);
        var playlist = new Playlist(MadeUp.Text(Write("talk", layout, video), "talk/video_720p.iframes.m3u8"));
        Assert.Contains("#EXT-X-I-FRAMES-ONLY\n", playlist.Text);
        Assert.Equal(rendition.Fragments.Select(f => (f.HeaderLength + (long)f.FirstSampleSize, f.Offset)), playlist.ByteRanges);
        Assert.Equal(
            rendition.Segments.SelectMany(s => Enumerable.Repeat(s.Path, s.FragmentCount)), playlist.Uris.Select(uri => "talk/" + uri));
        Assert.Equal(rendition.Duration * 1_000_000 / 30_000, playlist.Durations.Sum());
    }

    [Fact]
    public void Fragments_without_a_sync_sample_are_no_I_frames_and_no_independent_segments()
    {
        MadeUp blind = Video(720, 3_000_000) with { StartsWithSync = false };
        IReadOnlyList<OutputFile> files = Write("talk", OutputLayout.SingleFile, blind, Audio("en", 128_000));
        Assert.DoesNotContain(files, file => file.Path.EndsWith(".iframes.m3u8"));
        Assert.DoesNotContain("I-FRAME", MadeUp.Text(files, "talk.m3u8"));
        Assert.DoesNotContain("EXT-X-INDEPENDENT-SEGMENTS", MadeUp.Text(files, "talk.m3u8"));
        Assert.Contains("subsegmentStartsWithSAP=\"0\"", MadeUp.Text(files, "talk.mpd"));
    }

    [Fact]
    public void Playlists_come_before_those_that_name_them()
    {
        List<string> paths = [.. MadeUpPresentations.Write("languages", OutputLayout.SingleFile).Files.Select(file => file.Path)];
        Assert.Equal(["film.m3u8", "film.mpd"], paths.TakeLast(2));
        Assert.Equal(paths.Count, paths.Distinct().Count());
        Assert.All(paths.SkipLast(2), path => Assert.StartsWith("film/", path));
    }

    [Fact]
    public void TTML_in_MP4_is_for_DASH_alone()
    {
        IReadOnlyList<OutputFile> files = Write("film", OutputLayout.SingleFile, Video(720, 3_000_000), Text("de", "stpp"));
        Assert.DoesNotContain("text_de", MadeUp.Text(files, "film.m3u8"));
        Assert.Contains("text_de", MadeUp.Text(files, "film.mpd"));
    }

    private static long[] RandomDurations(Random random, uint timescale) =>
        [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.NextInt64(1, timescale * 12L))];

    private static long RoundedSeconds(long microseconds) =>
        Math.Max(1, (long)decimal.Round((decimal)microseconds / 1_000_000, MidpointRounding.AwayFromZero));

    private static long TargetDuration(Playlist playlist) => long.Parse(Assert.Single(playlist.Values("EXT-X-TARGETDURATION")));

    private static Playlist Media(IReadOnlyList<OutputFile> files, MadeUp rendition) =>
        new(MadeUp.Text(files, $"talk/{rendition.Name}.m3u8"));

    private static Playlist Read(MadeUp rendition, OutputLayout layout = OutputLayout.SingleFile) =>
        Media(Write("talk", layout, rendition), rendition);
}
