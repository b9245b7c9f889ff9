@parameters @ModifyInstanceType
Feature: The parameters of ModifyInstanceType
  Both parameters are required strings. A call without one, or with a wrong one, is refused
  and changes nothing.

  @M-INSTANCE-ID
  Rule: The parameter instanceId is a required string.

    @instance-id-missing @E-MISSING @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses a call without instanceId
      Given a STOPPED instance
      When ModifyInstanceType is called without instanceId
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

    @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: ModifyInstanceType refuses instanceId as <value>
      Given a STOPPED instance
      When ModifyInstanceType is called with instanceId as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | id                                                   | value                        |
        | instance-id-wrong-type[a number]                     | 42                           |
        | instance-id-wrong-type[a truth value]                | true                         |
        | instance-id-wrong-type[an object]                    | {"id": "no-such-instance"}   |
        | instance-id-wrong-type[a list]                       | ["no-such-instance"]         |
        | instance-id-wrong-type[a list of the right one]      | ["its own id"]               |
        | instance-id-wrong-type[an object with the right one] | {"instanceId": "its own id"} |

  @M-INSTANCE-TYPE
  Rule: The parameter instanceType is a required string.

    @instance-type-missing @E-MISSING @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses a call without instanceType
      Given a STOPPED instance
      When ModifyInstanceType is called without instanceType
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

    @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: ModifyInstanceType refuses instanceType as <value>
      Given a STOPPED instance
      When ModifyInstanceType is called with instanceType as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | id                                                     | value                            |
        | instance-type-wrong-type[a number]                     | 42                               |
        | instance-type-wrong-type[a truth value]                | true                             |
        | instance-type-wrong-type[an object]                    | {"id": "x"}                      |
        | instance-type-wrong-type[a list]                       | ["x"]                            |
        | instance-type-wrong-type[a list of the right one]      | ["another type"]                 |
        | instance-type-wrong-type[an object with the right one] | {"instanceType": "another type"} |

  @E-MISSING
  Rule: A missing required parameter is answered with 400 MISSING_PARAMETER.

    @no-parameters @M-INSTANCE-ID @M-INSTANCE-TYPE @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses a call without parameters
      Given a STOPPED instance
      When ModifyInstanceType is called with no parameters
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

  @R-PARAMETER-EMPTY
  Rule: A required parameter that is null or empty is refused: with a documented 400 pair, or for the empty text with the 404 of the thing named.

    @M-INSTANCE-ID @M-INSTANCE-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: ModifyInstanceType refuses <parameter> as <value>
      Given a STOPPED instance
      When ModifyInstanceType is called with <parameter> as <value>
      Then the answer is <expected>
      And the instance is unchanged

      Examples:
        | id                           | parameter    | value | expected                                                                |
        | parameter-null[<parameter>]  | instanceId   | null  | a documented 400 error                                                  |
        | parameter-null[<parameter>]  | instanceType | null  | a documented 400 error                                                  |
        | parameter-empty[<parameter>] | instanceId   | ""    | a documented 400 error or the error 404 INVALID_INSTANCE_NOT_FOUND      |
        | parameter-empty[<parameter>] | instanceType | ""    | a documented 400 error or the error 404 INVALID_INSTANCE_TYPE_NOT_FOUND |

  @M-BODY
  Rule: A body of ModifyInstanceType that is empty or no object is refused with a documented 400 pair.

    @modify-empty-body @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses an empty body
      Given a STOPPED instance
      When ModifyInstanceType is called with an empty body
      Then the answer is a documented 400 error
      And the instance is unchanged

    @modify-no-object @R-REFUSED-UNCHANGED
    Scenario Outline: ModifyInstanceType refuses the body <body>
      Given a STOPPED instance
      When ModifyInstanceType is called with the body <body>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | body   |
        | []     |
        | "text" |
        | 42     |
        | null   |
        | true   |

    @parameters-in-list @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses its parameters in an array
      Given a STOPPED instance
      When ModifyInstanceType is called with its parameters in an array
      Then the answer is a documented 400 error
      And the instance is unchanged
