using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>What goes wrong with a request on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>503 with Retry-After.</summary>
    Busy,

    /// <summary>429 with Retry-After.</summary>
    Throttled,

    /// <summary>500.</summary>
    Broken,

    /// <summary>The connection is cut in the middle of the answer.</summary>
    CutAnswer,

    /// <summary>The connection is cut before the request is passed on.</summary>
    CutRequest,

    /// <summary>The request is carried out, and nothing comes back: who sends it again meets what it has done.</summary>
    LostAnswer,

    /// <summary>The request is not passed on, and the connection stays open.</summary>
    NoAnswer,

    /// <summary>403, as from the moment on that a signature has ended.</summary>
    SignatureEnded,

    /// <summary>The answer takes its time.</summary>
    Slow,
}

/// <summary>Stands between a client and a server and spoils requests by their number. HTTP/1.1, one request a connection.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private const int MaxHead = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly int _target;
    private readonly Func<int, string, Fault> _faultOf;
    private readonly Task _accepting;
    private int _requests;
    private int _faults;

    /// <param name="target">Port on the loopback interface.</param>
    /// <param name="faultOf">By the request's number, from 1, and its method. Called by several threads.</param>
    public FaultyProxy(int target, Func<int, string, Fault> faultOf)
    {
        _target = target;
        _faultOf = faultOf;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Requests => _requests;

    /// <summary>Requests that were spoiled.</summary>
    public int Faults => _faults;

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(Task.Run(() => ServeAsync(client)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var server = new TcpClient())
            {
                NetworkStream near = client.GetStream();
                (byte[] head, byte[] rest) = await ReadHeadAsync(near);
                if (head.Length == 0)
                {
                    return;
                }

                int number = Interlocked.Increment(ref _requests);
                Fault fault = _faultOf(number, Encoding.ASCII.GetString(head).Split(' ')[0]);
                Interlocked.Add(ref _faults, fault == Fault.None ? 0 : 1);
                if (fault == Fault.CutRequest)
                {
                    client.Client.LingerState = new LingerOption(true, 0);
                    return;
                }

                if (fault == Fault.NoAnswer)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                NetworkStream far = server.GetStream();
                bool isRefused = fault is Fault.Busy or Fault.Throttled or Fault.Broken or Fault.SignatureEnded;
                await ForwardRequestAsync(head, rest, near, isRefused ? null : far);
                if (isRefused)
                {
                    await RefuseAsync(near, fault);
                    return;
                }

                if (fault == Fault.LostAnswer)
                {
                    await far.CopyToAsync(Stream.Null, _stop.Token);
                    client.Client.LingerState = new LingerOption(true, 0);
                    return;
                }

                if (fault == Fault.Slow)
                {
                    await Task.Delay(400, _stop.Token);
                }

                await PassAnswerAsync(far, near, fault == Fault.CutAnswer, client);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has hung up.
        }
    }

    /// <summary>The head with "Connection: close", so that the end of the answer is the end of the connection.</summary>
    private async Task ForwardRequestAsync(byte[] head, byte[] rest, NetworkStream near, NetworkStream? far)
    {
        string text = Encoding.ASCII.GetString(head);
        long length = 0;
        var lines = new List<string>();
        foreach (string line in text.Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = long.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
            }

            if (line.StartsWith("Expect:", StringComparison.OrdinalIgnoreCase))
            {
                await near.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
            }
            else if (!line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase))
            {
                lines.Add(line);
            }
        }

        lines.Insert(1, "Connection: close");
        if (far is not null)
        {
            await far.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)), _stop.Token);
            await far.WriteAsync(rest, _stop.Token);
        }

        byte[] buffer = new byte[64 * 1024];
        for (long left = length - rest.Length; left > 0;)
        {
            int read = await near.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), _stop.Token);
            if (read == 0)
            {
                return;
            }

            left -= read;
            if (far is not null)
            {
                await far.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
    }

    private async Task PassAnswerAsync(NetworkStream far, NetworkStream near, bool cut, TcpClient client)
    {
        byte[] buffer = new byte[16 * 1024];
        long passed = 0;
        for (int read; (read = await far.ReadAsync(buffer, _stop.Token)) > 0; passed += read)
        {
            if (cut && passed + read > 600)
            {
                await near.WriteAsync(buffer.AsMemory(0, Math.Max(1, read / 2)), _stop.Token);
                client.Client.LingerState = new LingerOption(true, 0);
                return;
            }

            await near.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    private async Task RefuseAsync(NetworkStream near, Fault fault)
    {
        (string status, string code) = fault switch
        {
            Fault.Busy => ("503 Server Busy", "ServerBusy"),
            Fault.Throttled => ("429 Too Many Requests", "ServerBusy"),
            Fault.SignatureEnded => ("403 Forbidden", "AuthenticationFailed"),
            _ => ("500 Internal Error", "InternalError"),
        };
        string answer = $"HTTP/1.1 {status}\r\nRetry-After: 0\r\nx-ms-error-code: {code}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        await near.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
    }

    private async Task<(byte[] Head, byte[] Behind)> ReadHeadAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[MaxHead];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), _stop.Token);
            if (read == 0)
            {
                return ([], []);
            }

            length += read;
            int end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return (buffer[..(end + 4)], buffer[(end + 4)..length]);
            }
        }

        throw new IOException("The request's head is too long.");
    }
}
