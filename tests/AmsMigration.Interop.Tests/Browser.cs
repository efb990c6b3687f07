using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AmsMigration.TestSupport;

[assembly: AssemblyFixture(typeof(AmsMigration.Interop.Tests.Browser))]

namespace AmsMigration.Interop.Tests;

/// <summary>One Chromium for all tests, driven by tests/node/play.mjs; started by the first that needs it.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<Playback>> _pending = new();
    private readonly Lazy<Process> _driver;
    private int _lastId;

    public Browser() => _driver = new(Start);

    /// <summary>Plays a manifest to its end.</summary>
    /// <param name="player"><c>hls.js</c>, <c>shaka</c> or <c>dash.js</c>.</param>
    /// <param name="types">MIME types with codecs that the browser has to decode for it.</param>
    /// <param name="text">Language, or name in the media, of a text to show.</param>
    public async Task<Playback> PlayAsync(string player, string manifest, IEnumerable<string> types, string? text = null)
    {
        Process driver = _driver.Value;
        int id = Interlocked.Increment(ref _lastId);
        TaskCompletionSource<Playback> answer = _pending[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string request = JsonSerializer.Serialize(new { id, player, manifest, types, text });
        lock (driver)
        {
            driver.StandardInput.WriteLine(request);
            driver.StandardInput.Flush();
        }

        return await answer.Task.WaitAsync(TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_driver.IsValueCreated)
        {
            return;
        }

        using Process driver = _driver.Value;
        driver.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await driver.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            driver.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        string folder = Tools.NodeScripts!;
        var start = new ProcessStartInfo(Tools.Node!, [Path.Combine(folder, "play.mjs"), Tools.Chromium!])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var driver = new Process { StartInfo = start, EnableRaisingEvents = true };
        var complaints = new ConcurrentQueue<string>();
        driver.ErrorDataReceived += (_, e) => complaints.Enqueue(e.Data ?? "");
        driver.OutputDataReceived += (_, e) =>
        {
            if (e.Data is not null)
            {
                Playback playback = JsonSerializer.Deserialize<Playback>(e.Data, _json)!;
                _pending[playback.Id].SetResult(playback);
            }
        };
        driver.Exited += (_, _) =>
        {
            foreach (TaskCompletionSource<Playback> answer in _pending.Values)
            {
                answer.TrySetException(new InvalidOperationException($"play.mjs ended: {string.Join("\n", complaints)}"));
            }
        };
        driver.Start();
        driver.BeginOutputReadLine();
        driver.BeginErrorReadLine();
        return driver;
    }
}

/// <summary>What tests/node/play.mjs tells.</summary>
/// <param name="Unsupported">Types that the browser cannot decode; nothing was played where there are any.</param>
/// <param name="Buffered">Ranges in seconds when all was loaded, before any seek.</param>
/// <param name="Sizes">Pixels of the picture after each change of rendition, e.g. <c>320x180</c>.</param>
/// <param name="Languages">Of the sounds that the player offers, in its order.</param>
/// <param name="Cues">What was shown of the text that was asked for.</param>
/// <param name="Frames">Pictures that were decoded.</param>
public sealed record Playback(
    int Id, string[]? Unsupported, string[] Errors, bool Ended, double Duration, double EndedAt, double[][] Buffered, string[] Sizes, string[] Languages,
    int Width, int Height, int Frames, int Corrupted, TextChoice[] Texts, Cue[] Cues);

/// <summary>A text that a player offers.</summary>
public sealed record TextChoice(string? Language, string? Label);

/// <summary>A text that a player showed: between these seconds, first seen at that one.</summary>
public sealed record Cue(string Text, double Start, double End, double Seen);
