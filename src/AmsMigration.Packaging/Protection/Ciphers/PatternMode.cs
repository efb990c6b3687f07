using System.Security.Cryptography;

namespace AmsMigration.Packaging.Protection.Ciphers;

/// <summary>
/// CBC mode with a pattern (ISO/IEC 23001-7 9.5, 9.6, scheme 'cbcs'): of each run some blocks are encrypted and some stay, in turn; each run begins with the
/// initialization vector again, and what is left of it at the end and is no whole block stays.
/// </summary>
internal sealed class PatternMode : BlockMode
{
    private const int MaxGathered = 1024;

    private readonly Aes _aes;
    private readonly ICryptoTransform _cipher;
    private readonly int _crypt;
    private readonly int _period;
    private readonly byte[] _gathered = new byte[MaxGathered * BlockSize];
    private readonly int[] _places = new int[MaxGathered];
    private readonly byte[] _last = new byte[BlockSize];
    private byte[] _vector = new byte[BlockSize];
    private bool _startsChain;
    private long _block;

    /// <param name="key">16 bytes.</param>
    /// <param name="crypt">Blocks that are encrypted; 0 with <paramref name="skip"/> 0 for all of them.</param>
    /// <param name="skip">Blocks after them that stay.</param>
    public PatternMode(byte[] key, int crypt, int skip)
    {
        _aes = AesBlocks.Create(key, CipherMode.CBC);
        _cipher = _aes.CreateEncryptor();
        _crypt = crypt == 0 ? 1 : crypt;
        _period = _crypt + skip;
    }

    public override void StartSample(byte[] vector)
    {
        _vector = new byte[BlockSize];
        Buffer.BlockCopy(vector, 0, _vector, 0, vector.Length);
    }

    public override void StartRange()
    {
        _startsChain = true;
        _block = 0;
    }

    public override int Encrypt(byte[] buffer, int index, int count, bool isEnd)
    {
        int blocks = count / BlockSize;
        for (int done = 0; done < blocks;)
        {
            int taken = EncryptSome(buffer, index + (done * BlockSize), blocks - done);
            done += taken;
            _block += taken;
        }

        return isEnd ? count : blocks * BlockSize;
    }

    /// <returns>Blocks that are done.</returns>
    private int EncryptSome(byte[] buffer, int index, int blocks)
    {
        int gathered = 0;
        int seen = 0;
        for (int phase = (int)(_block % _period); seen < blocks && gathered < MaxGathered;)
        {
            if (phase >= _crypt)
            {
                seen += _period - phase;
                phase = 0;
                continue;
            }

            int place = index + (seen++ * BlockSize);
            phase++;
            Buffer.BlockCopy(buffer, place, _gathered, gathered * BlockSize, BlockSize);
            _places[gathered++] = place;
        }

        seen = Math.Min(seen, blocks);
        if (gathered == 0)
        {
            return seen;
        }

        if (_startsChain)
        {
            // The cipher chains on from what it last put out; with that taken away, the chain begins with the vector.
            AesBlocks.Xor(_gathered, 0, _last, 0, BlockSize);
            AesBlocks.Xor(_gathered, 0, _vector, 0, BlockSize);
            _startsChain = false;
        }

        _cipher.TransformBlock(_gathered, 0, gathered * BlockSize, _gathered, 0);
        Buffer.BlockCopy(_gathered, (gathered - 1) * BlockSize, _last, 0, BlockSize);
        for (int i = 0; i < gathered; i++)
        {
            Buffer.BlockCopy(_gathered, i * BlockSize, buffer, _places[i], BlockSize);
        }

        return seen;
    }

    public override void Dispose()
    {
        _cipher.Dispose();
        _aes.Dispose();
    }
}
