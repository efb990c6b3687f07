using AmsMigration.TestSupport;

[assembly: AssemblyFixture(typeof(AmsMigration.Interop.Tests.Browser))]

namespace AmsMigration.Interop.Tests;

/// <summary>One Chromium for all tests, driven by tests/node/play.mjs.</summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly NodeService _service = new("play.mjs", Tools.Chromium);

    /// <summary>Plays a manifest to its end.</summary>
    /// <param name="player"><c>hls.js</c>, <c>shaka</c> or <c>dash.js</c>.</param>
    /// <param name="types">MIME types with codecs that the browser has to decode for it.</param>
    /// <param name="text">Language, or name in the media, of a text to show.</param>
    /// <param name="places">Seconds to seek to on the way: playback must go on from there, or behind a hole.</param>
    public Task<Playback> PlayAsync(string player, string manifest, IEnumerable<string> types, string? text = null, params double[] places) =>
        _service.AskAsync<Playback>(id => new { id, player, manifest, types, text, places });

    /// <summary>Plays what is encrypted.</summary>
    /// <param name="keys">Where keys are asked for with the token.</param>
    public Task<Playback> PlayAsync(string player, string manifest, IEnumerable<string> types, Uri keys, string token) =>
        _service.AskAsync<Playback>(id => new { id, player, manifest, types, access = new { address = keys.AbsoluteUri, token } });

    /// <summary>Plays a manifest once, from its start to its end.</summary>
    /// <param name="manifest">A path, or an address.</param>
    /// <param name="root">The folder that is served; null for an address.</param>
    /// <param name="thumbnails">Seconds at which to ask the player for a small picture.</param>
    public Task<Playback> PlayOnceAsync(string player, string manifest, string? root, params double[] thumbnails) =>
        _service.AskAsync<Playback>(id => new { id, player, manifest, types = Array.Empty<string>(), root, brief = true, thumbnails });

    /// <summary>Plays the beginning, and no more.</summary>
    public Task<Playback> BeginAsync(string player, string manifest) =>
        _service.AskAsync<Playback>(id => new { id, player, manifest, types = Array.Empty<string>(), beginning = true });

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}

/// <summary>What tests/node/play.mjs tells.</summary>
/// <param name="Unsupported">Types that the browser cannot decode; nothing was played where there are any.</param>
/// <param name="Buffered">Ranges in seconds when all was loaded, before any seek.</param>
/// <param name="Placed">Seconds where the player put the beginning and the end of <c>audio</c> and <c>video</c>.</param>
/// <param name="Sizes">Pixels of the picture after each change of rendition, e.g. <c>320x180</c>.</param>
/// <param name="Languages">Of the sounds that the player offers, in its order.</param>
/// <param name="Cues">What was shown of the text that was asked for.</param>
/// <param name="Frames">Pictures that were decoded.</param>
/// <param name="Thumbnails">At the seconds that were asked for; null where the player has none.</param>
/// <param name="Events">Of the manifest, that the player told of.</param>
public sealed record Playback(
    string[]? Unsupported, string[] Errors, bool Ended, double Duration, double EndedAt, double[][] Buffered, Dictionary<string, double[]> Placed, string[] Sizes, string[] Languages,
    int Width, int Height, int Frames, int Corrupted, TextChoice[] Texts, Cue[] Cues, Thumbnail?[] Thumbnails, ToldEvent[] Events)
{
    /// <summary>Seconds that hardly anybody notices (ITU-R BT.1359-1), and that Chromium, which counts from decoding times, may be wrong by.</summary>
    public const double LipSync = 0.09;

    /// <summary>The player plays sound and picture as far apart as they are.</summary>
    /// <param name="later">Seconds that the sound begins behind the picture.</param>
    public void AssertInSync(double later, string how)
    {
        if (!Placed.TryGetValue("video", out double[]? video) || !Placed.TryGetValue("audio", out double[]? audio))
        {
            return;
        }

        // hls.js begins with the picture, and drops the sound in front of it.
        bool isCut = later < 0 && audio[0] == video[0] && Math.Abs(audio[1] - video[1] - later) < LipSync;
        Assert.True(
            isCut || Math.Abs(audio[0] - video[0] - later) < LipSync,
            $"{how} plays the picture from {video[0]} to {video[1]}, the sound from {audio[0]} to {audio[1]}; the sound is to begin {later} s later");
    }
}

/// <summary>A text that a player offers.</summary>
public sealed record TextChoice(string? Language, string? Label);

/// <summary>A text that a player showed: between these seconds, first seen at that one.</summary>
public sealed record Cue(string Text, double Start, double End, double Seen);

/// <summary>A small picture: part of the image of that name, in its pixels.</summary>
public sealed record Thumbnail(string Url, double X, double Y, double Width, double Height, int SheetWidth);

/// <summary>An event of the manifest, seconds; no end where the player knows none.</summary>
public sealed record ToldEvent(string? Id, double Start, double? End);
