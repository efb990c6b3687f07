using System.IO.Compression;
using System.Text;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>
/// A list of JSON items whose length has to be known before it is written, and of which nobody knows how many come: kept compressed, to a tenth and less of its
/// length, in memory. Safe for use by several threads until it is opened.
/// </summary>
internal sealed class ItemSpool : IDisposable
{
    private static readonly byte[] Start = Encoding.ASCII.GetBytes("[\n");
    private static readonly byte[] Between = Encoding.ASCII.GetBytes(",\n");
    private static readonly byte[] End = Encoding.ASCII.GetBytes("\n]\n");

    private readonly MemoryStream _packed = new();
    private readonly GZipStream _gzip;
    private readonly object _lock = new();

    public ItemSpool()
    {
        _gzip = new GZipStream(_packed, CompressionLevel.Fastest, leaveOpen: true);
        Write(Start);
    }

    public int Count { get; private set; }

    /// <summary>Bytes of the list as it will be written; once it is opened.</summary>
    public long Length { get; private set; }

    public void Add(byte[] item)
    {
        lock (_lock)
        {
            if (Count++ > 0)
            {
                Write(Between);
            }

            Write(item);
        }
    }

    /// <summary>Ends the list and reads it from its start.</summary>
    public Stream Open()
    {
        Write(End);
        _gzip.Dispose();
        _packed.Position = 0;
        return new GZipStream(_packed, CompressionMode.Decompress, leaveOpen: true);
    }

    public void Dispose()
    {
        _gzip.Dispose();
        _packed.Dispose();
    }

    private void Write(byte[] bytes)
    {
        _gzip.Write(bytes, 0, bytes.Length);
        Length += bytes.Length;
    }
}
