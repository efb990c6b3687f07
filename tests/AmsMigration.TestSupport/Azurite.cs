using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace AmsMigration.TestSupport;

/// <summary>Azurite, the emulator of Azure Storage, on a port of its own with an empty folder. Started once for all tests that share it.</summary>
public sealed class Azurite : IAsyncLifetime
{
    /// <summary>The emulator's account and key, which everybody knows.</summary>
    public const string AccountName = "devstoreaccount1";

    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-azurite-").FullName;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>Null where this machine cannot run it.</summary>
    public static string? Program { get; } = Find();

    /// <summary>It keeps what it is given in memory, as no other store would: what is measured beside it has the disk to itself.</summary>
    public bool InMemory { get; init; }

    public int Port { get; private set; }

    /// <summary>E.g. <c>http://127.0.0.1:40123/devstoreaccount1</c>.</summary>
    public Uri Service => new($"http://127.0.0.1:{Port}/{AccountName}");

    public string ConnectionString => ConnectionStringAt(Port);

    /// <summary>The same account by way of another port, such as that of a proxy.</summary>
    public static string ConnectionStringAt(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};BlobEndpoint=http://127.0.0.1:{port}/{AccountName};";

    /// <summary>Skips the test where there is none.</summary>
    public void Need() => Assert.SkipWhen(_process is null, "node, or the npm package azurite of tests/node, is not on this machine");

    public async ValueTask InitializeAsync()
    {
        if (Program is null || Tools.Node is null)
        {
            return;
        }

        Port = FindPort();
        var start = new ProcessStartInfo(Tools.Node, [Program, "--blobPort", $"{Port}", .. InMemory ? ["--inMemoryPersistence"] : (string[])["--location", _folder], "--skipApiVersionCheck", "--disableTelemetry"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) =>
        {
            if (e.Data?.Contains("successfully listen", StringComparison.OrdinalIgnoreCase) == true)
            {
                _ready.TrySetResult();
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Find()
    {
        string path = Repository.NodePackage("azurite", "dist/src/blob/main.js");
        return File.Exists(path) ? path : null;
    }
}
