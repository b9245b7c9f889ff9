# language: zh-CN
@resize @zh
功能: 变更实例规格
  ModifyInstanceType 用于将实例的规格变更为目标规格。本接口为异步接口：请求成功后立即返回，
  实例状态由 STOPPED 经 RESIZING 回到 STOPPED，此时变更成功。无法执行的变更以业务错误码拒绝。

  @M-RESIZE
  规则: 本接口(ModifyInstanceType)用于将指定弹性计算实例的规格变更为目标规格。

    @zh-resize @change @M-RESIZE-ASYNC @M-RESIZE-RESIZING @M-RESIZE-STOPPED @M-RESIZE-TYPE
    场景: 已停止的实例变更为另一规格
      假如一台状态为 STOPPED 的实例
      当对该实例调用 ModifyInstanceType
      那么请求成功
      并且实例状态由 RESIZING 变为 STOPPED，此后保持不变
      并且实例具有所请求的值

  @M-RESIZE-LOCK
  规则: 变更过程中不可对实例进行任何操作。

    @zh-second-change @change @M-STATUS-DENIED
    场景: 变更过程中再次变更被拒绝，原变更照常完成
      假如一台状态为 STOPPED 的实例
      当对该实例调用 ModifyInstanceType，并在执行过程中调用 ModifyInstanceType
      那么返回错误 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT，或在响应中列为失败
      并且实例状态由 RESIZING 变为 STOPPED，此后保持不变
      并且实例具有所请求的值

    @zh-two-at-once @change
    场景: 同时发送的两个变更请求至多接受一个
      假如一台状态为 STOPPED 的实例
      当同时对该实例调用 ModifyInstanceType 两次
      那么至多一个请求被接受，且实例最终具有该请求的目标值

  @M-RESIZE-TYPE
  规则: 变更成功后，实例的规格为目标规格。

    @zh-there-and-back @change @M-RESIZE-STOPPED
    场景: 变更为另一规格，再变更回原规格
      假如一台状态为 STOPPED 的实例
      当对该实例调用 ModifyInstanceType，再以原值调用
      那么请求成功
      并且实例状态由 RESIZING 变为 STOPPED，此后保持不变
      并且实例具有所请求的值

  @M-RESIZE-SAME-TYPE
  规则: 变更为实例当前的规格时，要么完成变更，要么拒绝请求、返回文档所列的 4xx 错误码或旧版文档的 403 INVALID_INSTANCE_TYPE_NOT_CHANGED，并保持实例不变。

    @zh-same-type @change
    场景: 变更为实例当前的规格
      假如一台状态为 STOPPED 的实例
      当对该实例调用 ModifyInstanceType，目标值为当前值
      那么变更得以完成，或返回文档所列的 4xx 错误码

  @M-RESIZE-ONLY-NAMED
  规则: 仅变更指定的实例。

    @zh-bystander @change
    场景: 账号下的另一台实例保持不变
      假如一台状态为 STOPPED 的实例
      并且另一台状态为 RUNNING 的实例
      当对该实例调用 ModifyInstanceType
      那么请求成功
      并且实例状态由 RESIZING 变为 STOPPED，此后保持不变
      并且另一台实例保持不变

  @M-INSTANCE-NOT-FOUND
  规则: 服务器实例不存在：404 INVALID_INSTANCE_NOT_FOUND。

    @zh-unknown-instance @refusal
    场景: 变更不存在的实例的规格
      假如一台不存在的实例
      当对该实例调用 ModifyInstanceType
      那么返回错误 404 INVALID_INSTANCE_NOT_FOUND

  @M-TYPE-NOT-FOUND
  规则: 实例规格不存在：404 INVALID_INSTANCE_TYPE_NOT_FOUND。

    @zh-unknown-type @refusal @R-REFUSED-UNCHANGED
    场景: 目标规格不存在
      假如一台状态为 STOPPED 的实例
      当对该实例调用 ModifyInstanceType，目标值不存在
      那么返回错误 404 INVALID_INSTANCE_TYPE_NOT_FOUND
      并且实例保持不变

  @M-GPU-DENIED
  规则: 实例类型为GPU不允许该操作：400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT。

    @zh-gpu-instance @refusal @M-GPU @R-REFUSED-UNCHANGED
    场景: 变更 GPU 实例的规格
      假如一台状态为 STOPPED 的 GPU 实例
      当对该实例调用 ModifyInstanceType，目标值为另一 GPU 规格
      那么返回错误 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT
      并且实例保持不变

  @M-STATUS-DENIED
  规则: 实例状态不允许操作：400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT。

    @zh-not-stopped @refusal @M-STOPPED-ONLY @R-REFUSED-UNCHANGED
    场景大纲: 变更状态为 <状态> 的实例的规格
      假如一台状态为 <状态> 的实例
      当对该实例调用 ModifyInstanceType
      那么返回错误 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      并且实例保持不变

      例子:
        | 状态    |
        | RUNNING |
        | BOOTING |
        | IMAGING |

  @M-TYPE-UNSUPPORTED
  规则: 实例规格不支持，无法操作：400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED。

    @zh-unsupported-type @refusal @R-REFUSED-UNCHANGED
    场景: 该实例不支持目标规格
      假如一台状态为 STOPPED 的实例
      当对该实例调用 ModifyInstanceType，目标值不受该实例支持
      那么返回错误 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED
      并且实例保持不变
