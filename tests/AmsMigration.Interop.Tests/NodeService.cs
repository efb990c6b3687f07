using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AmsMigration.TestSupport;

namespace AmsMigration.Interop.Tests;

/// <summary>A script of tests/node that answers requests, one JSON object a line each way, matched by their <c>id</c>; started by the first request.</summary>
internal sealed class NodeService(string script, params string?[] arguments) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly Lock _starting = new();
    private Process? _process;
    private int _lastId;

    /// <param name="request">Makes the request that carries this id.</param>
    public async Task<T> AskAsync<T>(Func<int, object> request)
    {
        int id = Interlocked.Increment(ref _lastId);
        TaskCompletionSource<JsonElement> answer = _pending[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string line = JsonSerializer.Serialize(request(id));
        lock (_starting)
        {
            _process ??= Start();
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }

        return (await answer.Task.WaitAsync(TimeSpan.FromMinutes(10))).Deserialize<T>(_json)!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        using Process process = _process;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        string folder = Tools.NodeScripts!;
        var start = new ProcessStartInfo(Tools.Node!, [Path.Combine(folder, script), .. arguments.OfType<string>()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var complaints = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, e) => complaints.Enqueue(e.Data ?? "");
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is not null)
            {
                JsonElement answer = JsonSerializer.Deserialize<JsonElement>(e.Data);
                _pending[answer.GetProperty("id").GetInt32()].SetResult(answer);
            }
        };
        process.Exited += (_, _) =>
        {
            foreach (TaskCompletionSource<JsonElement> answer in _pending.Values)
            {
                answer.TrySetException(new InvalidOperationException($"{script} ended: {string.Join("\n", complaints)}"));
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
