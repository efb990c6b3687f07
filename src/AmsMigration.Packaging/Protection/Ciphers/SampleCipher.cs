namespace AmsMigration.Packaging.Protection.Ciphers;

/// <summary>Encrypts the protected runs of samples that follow each other.</summary>
/// <param name="mode">Disposed with it.</param>
/// <param name="spans">Clear and protected bytes in turn, from the first sample on.</param>
/// <param name="length">Bytes of all samples.</param>
internal sealed class SampleCipher(BlockMode mode, IEnumerable<SampleSpan> spans, long length) : ByteTransform
{
    private readonly IEnumerator<SampleSpan> _spans = spans.GetEnumerator();
    private long _clear;
    private long _protected;

    public override long Length => length;

    public override int Apply(byte[] buffer, int index, int count)
    {
        int done = 0;
        while (done < count)
        {
            if (_clear == 0 && _protected == 0 && !MoveNext())
            {
                return done;
            }

            if (_clear > 0)
            {
                int skipped = (int)Math.Min(_clear, count - done);
                _clear -= skipped;
                done += skipped;
                continue;
            }

            int wanted = (int)Math.Min(_protected, count - done);
            int encrypted = mode.Encrypt(buffer, index + done, wanted, wanted == _protected);
            _protected -= encrypted;
            done += encrypted;
            if (encrypted < wanted)
            {
                return done;
            }
        }

        return done;
    }

    public override void Dispose()
    {
        _spans.Dispose();
        mode.Dispose();
    }

    /// <summary>Steps over what is empty.</summary>
    private bool MoveNext()
    {
        while (_clear == 0 && _protected == 0)
        {
            if (!_spans.MoveNext())
            {
                return false;
            }

            SampleSpan span = _spans.Current;
            if (span.Vector is not null)
            {
                mode.StartSample(span.Vector);
            }

            if (span.Protected > 0)
            {
                mode.StartRange();
            }

            _clear = span.Clear;
            _protected = span.Protected;
        }

        return true;
    }
}

/// <summary>Bytes of a sample that stay, and bytes behind them that are encrypted.</summary>
/// <param name="Vector">The sample's initialization vector where it begins here.</param>
internal readonly record struct SampleSpan(byte[]? Vector, long Clear, long Protected);
