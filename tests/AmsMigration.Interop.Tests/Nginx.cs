using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AmsMigration.TestSupport;

namespace AmsMigration.Interop.Tests;

/// <summary>nginx in the foreground on a port of its own, with the files of a map.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly Process _process;

    private Nginx(Process process, int port) => (_process, Uri) = (process, new Uri($"http://127.0.0.1:{port}"));

    /// <summary>Null where there is none. It is not on everybody's PATH.</summary>
    public static string? Program { get; } = Tools.Find("nginx") ?? new[] { "/usr/sbin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);

    public Uri Uri { get; }

    /// <param name="folder">Where the map lies; gets the configuration.</param>
    public static async Task<Nginx> StartAsync(string folder)
    {
        int port = FindPort();
        string temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {folder}/{kind}; "));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nginx.conf"),
            $$"""
            worker_processes 1; pid {{folder}}/nginx.pid; error_log {{folder}}/error.log; daemon off; master_process off;
            events { worker_connections 256; }
            http {
                access_log off; {{temporary}}
                include {{folder}}/nginx-map.conf;
                server { listen 127.0.0.1:{{port}}; include {{folder}}/nginx-server.conf; location / { return 404; } }
            }
            """);
        Process process = Process.Start(new ProcessStartInfo(Program!, ["-p", folder, "-e", $"{folder}/error.log", "-c", Path.Combine(folder, "nginx.conf")]))!;
        var nginx = new Nginx(process, port);
        using var client = new HttpClient();
        for (int i = 0; ; i++)
        {
            try
            {
                await client.GetAsync(nginx.Uri);
                return nginx;
            }
            catch (HttpRequestException) when (i < 100 && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
