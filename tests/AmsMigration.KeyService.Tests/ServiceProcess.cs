using System.Diagnostics;
using System.Reflection;
using AmsMigration.TestSupport;

namespace AmsMigration.KeyService.Tests;

/// <summary>The program as people start it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly string _program =
        typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ServicePath").Value!;

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ServiceProcess(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it at a free port of this machine, and waits until it listens.</summary>
    public static async Task<ServiceProcess> StartAsync(Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_program, "--urls", "http://127.0.0.1:0", .. arguments]) { RedirectStandardOutput = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        var service = new ServiceProcess(Process.Start(start)!);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (service.Address is null)
        {
            string line = await service._process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("it ended before it listened");
            service._lines.Add(line);
            int at = line.IndexOf("http://", StringComparison.Ordinal);
            service.Address = at < 0 ? null! : new Uri(line[at..]);
        }

        return service;
    }

    /// <summary>Runs it until it ends.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        ProcessRunner.RunAsync("dotnet", [_program, .. arguments], TimeSpan.FromSeconds(60));

    /// <summary>Ends it, and tells all that it logged.</summary>
    public async Task<string> EndAsync()
    {
        _process.Kill(entireProcessTree: true);
        return string.Join('\n', [.. _lines, await _process.StandardOutput.ReadToEndAsync()]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
