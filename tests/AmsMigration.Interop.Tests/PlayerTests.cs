using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Interop.Tests;

/// <summary>Real players in a real browser: to the end, with seeks and changes of rendition and language, without an error and without a gap.</summary>
public abstract class PlayerTests(Outputs outputs, Browser browser, OutputLayout layout)
{
    [Theory]
    [MemberData(nameof(Media.All), MemberType = typeof(Media))]
    public async Task Players_play_it_to_the_end(string asset)
    {
        Needs.Browser();
        Output output = await outputs.GetAsync(asset, layout);
        foreach (AmsPresentationOutput presentation in output.Result.Presentations)
        {
            OutputTrack[] tracks = [.. output.Tracks.Where(track => track.Track.Presentation == presentation.Name)];
            string[] types = [.. tracks.Select(track => $"{track.Track.Type.ToLowerInvariant()}/mp4; codecs=\"{track.Track.CodecString}\"").Distinct()];
            (string Player, string Manifest)[] ways =
                [("hls.js", presentation.HlsUri!), ("shaka", presentation.HlsUri!), ("shaka", presentation.DashUri!), ("dash.js", presentation.DashUri!)];
            if (Math.Abs(SoundBehindPicture(tracks)) > Playback.LipSync)
            {
                // It plays in time, but never ends (docs/known-problems.md); LateSoundTests looks at where it begins.
                ways = [.. ways.Where(way => way != ("shaka", presentation.HlsUri!))];
            }

            Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayAsync(way.Player, way.Manifest, types)));

            Assert.SkipWhen(playbacks[0].Unsupported is { Length: > 0 }, $"this machine's Chromium does not decode {string.Join(", ", playbacks[0].Unsupported ?? [])}");
            string[] texts = [.. output.Texts.Where(text => text.Presentation == presentation.Name).Select(text => text.Language).OfType<string>()];
            foreach (((string player, string manifest), Playback playback) in ways.Zip(playbacks))
            {
                Check(playback, presentation, manifest, tracks, $"{player} with {Path.GetFileName(manifest)}");
                Assert.Subset(playback.Texts.Select(text => text.Language).ToHashSet(), texts.ToHashSet<string?>());
            }
        }
    }

    private static void Check(Playback playback, AmsPresentationOutput presentation, string manifest, OutputTrack[] tracks, string how)
    {
        Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
        Assert.True(playback.Ended, $"{how} did not come to the end");
        double seconds = playback.Duration;
        double longest = presentation.Duration.TotalSeconds;
        Assert.True(seconds >= Shortest(presentation, manifest, tracks) - 0.05 && seconds <= longest + 0.05, $"{how} takes it for {seconds} s long, not {longest}");
        Near(seconds, playback.EndedAt, 0.1, $"{how}: end");

        Assert.True(playback.Buffered.Length == 1, $"{how} buffered {string.Join(", ", playback.Buffered.Select(part => $"{part[0]}-{part[1]}"))}");
        Assert.InRange(playback.Buffered[0][0], 0, tracks.Max(Start) + 0.05);
        Near(seconds, playback.Buffered[0][1], 0.1, $"{how}: buffered until");

        playback.AssertInSync(SoundBehindPicture(tracks), how);
        AmsTrack[] videos = [.. tracks.Where(track => track.Track.Type == "Video").Select(track => track.Track)];
        string[] sizes = [.. videos.Select(video => $"{video.Width}x{video.Height}").Distinct()];
        if (videos.Length > 0)
        {
            Assert.True(playback.Frames > 0, $"{how} decoded no picture");
            Assert.Equal(0, playback.Corrupted);
            Assert.Contains($"{playback.Width}x{playback.Height}", sizes);
        }

        if (videos.Length > 1)
        {
            Assert.True(playback.Sizes.Distinct().Count() == Math.Min(3, sizes.Length), $"{how} showed {string.Join(", ", playback.Sizes)}");
        }

        string[] languages = [.. tracks.Where(track => track.Track.Type == "Audio").Select(track => track.Track.Language).OfType<string>().Distinct().Order()];
        if (languages.Length > 0)
        {
            Assert.Equal(languages, playback.Languages.Distinct().Order());
        }
    }

    /// <summary>Seconds; 0 where one of them lacks.</summary>
    private static double SoundBehindPicture(OutputTrack[] tracks)
    {
        ILookup<string, double> starts = tracks.ToLookup(track => track.Track.Type, Start);
        return starts["Audio"].Any() && starts["Video"].Any() ? starts["Audio"].Min() - starts["Video"].Min() : 0;
    }

    private static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{what} is {actual}, not {expected}");

    /// <summary>Seconds; of HLS, hls.js takes the picture's for the length and shaka-player ends with the shortest playlist.</summary>
    private static double Shortest(AmsPresentationOutput presentation, string manifest, OutputTrack[] tracks) =>
        manifest == presentation.HlsUri ? tracks.Min(track => track.Track.Duration.TotalSeconds) : presentation.Duration.TotalSeconds;

    /// <summary>Seconds until the track's first sample is presented.</summary>
    private static double Start(OutputTrack track)
    {
        long earliest = long.MaxValue;
        for (SampleCursor sample = track.Source.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            earliest = Math.Min(earliest, sample.CompositionTime);
        }

        return Math.Max(0, (double)track.Source.ToPresentationTime(earliest) / track.Source.Timescale);
    }
}

/// <summary>A class for each layout, so that they run side by side: playing is mostly waiting.</summary>
public sealed class SingleFilePlayerTests(Outputs outputs, Browser browser) : PlayerTests(outputs, browser, OutputLayout.SingleFile);

public sealed class SegmentedPlayerTests(Outputs outputs, Browser browser) : PlayerTests(outputs, browser, OutputLayout.Segmented);
