using System.Collections.Concurrent;
using System.Net;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>What goes over TLS carries a checksum, which the emulator cannot check; and what no blob can hold is not begun.</summary>
public sealed class BlobChecksumTests
{
    private const long MiB = 1 << 20;
    private const long TiB = MiB << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(17_000_001)]
    public async Task Every_request_carries_the_checksum_of_its_bytes(int length)
    {
        var service = new Service(_ => null);

        await WriteAsync(service, length);

        (byte[] Body, string? Checksum)[] uploads = [.. service.Uploads];
        Assert.Equal(length, uploads.Sum(upload => upload.Body.Length));
        Assert.Equal(Math.Max(1, (length + (8 * MiB) - 1) / (8 * MiB)), uploads.Length);
        Assert.All(uploads, upload => Assert.Equal(Crc64(upload.Body), upload.Checksum));
    }

    [Theory]
    [InlineData("Crc64Mismatch")]
    [InlineData("Md5Mismatch")]
    public async Task What_came_damaged_is_sent_again(string code)
    {
        var service = new Service(number => number == 1 ? code : null);

        await WriteAsync(service, 1000);

        Assert.Equal(2, service.Uploads.Count);
        Assert.Single(service.Uploads.Select(upload => upload.Checksum).Distinct());
    }

    [Fact]
    public async Task Another_refusal_is_final()
    {
        var service = new Service(_ => "InvalidHeaderValue");

        await Assert.ThrowsAsync<PackagingException>(() => WriteAsync(service, 1000));

        Assert.Single(service.Uploads);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(8 * MiB * 50_000, 8)]
    [InlineData((8 * MiB * 50_000) + 1, 9)]
    [InlineData(TiB, 21)]
    [InlineData(2000 * MiB * 50_000, 2000)]
    public void Blocks_grow_so_that_there_are_never_more_than_50_000(long length, int expected)
    {
        long size = BlobOutputFile.BlockSizeOf("film.mp4", length);

        Assert.Equal(expected * MiB, size);
        Assert.InRange((length + size - 1) / size, 0, 50_000);
    }

    [Theory]
    [InlineData((2000 * MiB * 50_000) + 1)]
    [InlineData(long.MaxValue / 2)]
    public void What_no_blob_can_hold_is_refused_before_anything_is_written(long length) =>
        Assert.Equal("OutputTooLarge", Assert.Throws<PackagingException>(() => BlobOutputFile.BlockSizeOf("film.mp4", length)).Code);

    private static async Task WriteAsync(Service service, int length)
    {
        var options = new BlobClientOptions { Transport = new HttpClientTransport(new HttpClient(service)), RetryPolicy = new StorageRetryPolicy() };
        var container = new BlobContainerClient(new Uri("https://contoso.blob.core.windows.net/video"), options);
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        using var file = new BlobOutputFile(new BlobPlace(container, ""), "film.mp4", length, "video/mp4", null, new BlockBudget(2));
        await file.WriteAsync(bytes, 0, length, default);
        await file.CommitAsync(default);
    }

    /// <summary>CRC-64/NVME, least significant byte first, in base 64: bit by bit, so that it shares nothing with the client's.</summary>
    private static string Crc64(byte[] bytes)
    {
        ulong crc = ulong.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x9A6C9329AC4BC9B5 : crc >> 1;
            }
        }

        return Convert.ToBase64String(BitConverter.GetBytes(~crc));
    }

    /// <param name="refuse">The error code of an upload by its number, from 1; null to take it.</param>
    private sealed class Service(Func<int, string?> refuse) : HttpMessageHandler
    {
        public ConcurrentQueue<(byte[] Body, string? Checksum)> Uploads { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string query = request.RequestUri!.Query;
            if (request.Method != HttpMethod.Put || query.Contains("comp=blocklist", StringComparison.Ordinal))
            {
                return Answer(HttpStatusCode.Created);
            }

            byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            IEnumerable<string>? checksum = null;
            _ = request.Headers.TryGetValues("x-ms-content-crc64", out checksum) || request.Content?.Headers.TryGetValues("x-ms-content-crc64", out checksum) == true;
            Uploads.Enqueue((body, checksum?.Single()));
            HttpResponseMessage answer = refuse(Uploads.Count) is string code ? Answer(HttpStatusCode.BadRequest, code) : Answer(HttpStatusCode.Created);
            if (checksum is not null)
            {
                answer.Headers.TryAddWithoutValidation("x-ms-content-crc64", checksum.Single());
            }

            return answer;
        }

        private static HttpResponseMessage Answer(HttpStatusCode status, string? code = null)
        {
            var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
            answer.Headers.TryAddWithoutValidation("ETag", "\"0x1\"");
            answer.Content.Headers.TryAddWithoutValidation("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT");
            if (code is not null)
            {
                answer.Headers.TryAddWithoutValidation("x-ms-error-code", code);
            }

            return answer;
        }
    }
}
